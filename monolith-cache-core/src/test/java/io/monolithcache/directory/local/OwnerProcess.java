// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.MetadataJson;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.owner.RootLocator.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One owner in a process of its own, which does what {@link RemoteRegistry} tells it line by line, and dies when it is
 * killed or when nobody talks to it any more.
 */
final class OwnerProcess {

    private final ReferenceRegistry registry;
    private final List<FileChannel> channels = new ArrayList<>();

    private OwnerProcess(Path place) {
        LocalRoot root =
                new LocalRoot(Place.of(place), FileReferenceRegistry.NAME, OrphanPolicy.KEEP, false, path -> "ext4");
        registry = new FileReferenceRegistry(root, new LocalDirectoryStorage(root), Clock.systemUTC());
        registry.start((id, trash) -> trash.delete());
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // what is logged does not mix with the answers
        System.setOut(System.err);
        OwnerProcess process = new OwnerProcess(Path.of(arguments[0]));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            answers.println(process.answer(line.split(" ", 3)));
            answers.flush();
        }
        // as a crash would, if the test forgot to kill it
        Runtime.getRuntime().halt(0);
    }

    /** Holds the lock until the process dies. */
    private void lockFile(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channels.add(channel);
            if (channel.tryLock() == null) {
                throw new IllegalStateException(file + " is locked already");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String answer(String[] words) {
        try {
            return "ok " + run(words);
        } catch (RuntimeException failure) {
            return failure.getClass().getSimpleName() + " " + failure.getMessage();
        }
    }

    private Object run(String[] words) {
        switch (words[0]) {
            case "owner" -> {
                return String.valueOf(registry.owner());
            }
            case "create" -> {
                return registry.create(
                        CacheId.of(words[1]), MetadataJson.read(words[2].getBytes(StandardCharsets.UTF_8)));
            }
            case "holds" -> {
                return registry.holds(CacheId.of(words[1]));
            }
            case "unlock" -> {
                return registry.unlock(CacheId.of(words[1]));
            }
            case "attach" -> registry.attach(CacheId.of(words[1]));
            case "release" -> registry.release(CacheId.of(words[1]));
            case "lock" -> registry.lock(CacheId.of(words[1]), words.length < 3 ? null : Instant.parse(words[2]));
            case "evict" -> registry.evict(CacheId.of(words[1]));
            case "evictForcibly" -> registry.evictForcibly(CacheId.of(words[1]));
            case "sweep" -> {
                return registry.sweep().directories();
            }
            case "close" -> registry.close();
            case "lockFile" -> lockFile(Path.of(words[1]));
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "";
    }
}
