// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.crash.ChildProcess;
import io.monolithcache.store.Entry;
import io.monolithcache.store.EntryDescription;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoreStatus;
import io.monolithcache.store.index.EntryHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Four processes that work on one store for a while and are killed at random, one at a time; then what is left is
 * compared with what they said.
 */
final class CrashRound implements AutoCloseable {

    private static final int CHILDREN = 4;
    private static final long LIMIT = 3L << 20;

    private final Path place;
    private final Path root;
    private final Random random;
    private final boolean isLimited;
    private final List<ChildProcess> children = new ArrayList<>();
    private final @Nullable DiskUse use;
    private int starts;
    private int puts;

    CrashRound(Path place, Path root, long seed, boolean isLimited) throws IOException {
        this.place = Files.createDirectories(place);
        Files.createDirectories(index());
        this.random = new Random(seed);
        this.isLimited = isLimited;
        this.root = root;
        this.use = isLimited ? new DiskUse(root, Indexes.sharedIn(index())) : null;
    }

    private Path index() {
        return place.resolve("index");
    }

    private Path log(int child) {
        return place.resolve("log-" + child);
    }

    private Store openStore() {
        return Store.in(root).index(Indexes.sharedIn(index())).open();
    }

    private ChildProcess start(int child) throws IOException {
        return ChildProcess.start(
                StoreChild.class,
                place.resolve("output-" + child + "-" + starts++),
                root.toString(),
                log(child).toString(),
                Integer.toString(child),
                Integer.toString(CHILDREN),
                Long.toString(isLimited ? LIMIT : 0),
                Long.toString(random.nextLong()),
                index().toString());
    }

    void run(int kills) throws Exception {
        for (int child = 0; child < CHILDREN; child++) {
            children.add(start(child));
        }
        awaitWork();
        for (int kill = 0; kill < kills; kill++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(random.nextBoolean() ? 400 : 30)));
            int child = random.nextInt(CHILDREN);
            children.get(child).kill();
            children.get(child).awaitEnd();
            if (random.nextInt(8) == 0) {
                for (Path file : files(index())) {
                    Files.deleteIfExists(file);
                }
            }
            children.set(child, start(child));
        }
        for (ChildProcess child : children) {
            child.kill();
        }
        for (ChildProcess child : children) {
            child.awaitEnd();
        }
        if (use != null) {
            use.close();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private void awaitWork() throws IOException {
        for (int child = 0; child < CHILDREN; child++) {
            while (Log.read(log(child)).size() < 20) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    void check(String what) throws IOException {
        Map<String, Integer> begun = new HashMap<>();
        Map<String, Integer> acknowledged = new HashMap<>();
        Set<String> added = new TreeSet<>();
        for (int child = 0; child < CHILDREN; child++) {
            for (String line : Log.read(log(child))) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "WILL" -> begun.merge(words[1], Integer.valueOf(words[2]), Math::max);
                    case "DID" -> acknowledged.merge(words[1], Integer.valueOf(words[2]), Math::max);
                    case "FILE" -> added.add(words[1]);
                    case "FAILED" -> throw new AssertionError(what + ": " + line);
                    default -> {
                        // "STARTED" and "FULL"
                    }
                }
            }
        }
        puts = acknowledged.values().stream().mapToInt(Integer::intValue).sum();
        try (Store store = openStore()) {
            Map<String, Integer> found = new HashMap<>();
            for (String key : begun.keySet()) {
                try (Entry entry = store.find(key).orElse(null)) {
                    if (entry != null) {
                        found.put(key, Versioned.parse(key, entry.bytes()).version());
                    }
                }
            }
            found.forEach((key, version) -> assertThat(version)
                    .as("%s: version of %s", what, key)
                    .isBetween(isLimited ? 1 : acknowledged.getOrDefault(key, 0), begun.get(key)));
            if (!isLimited) {
                assertThat(found.keySet()).as(what).containsAll(acknowledged.keySet());
                assertThat(added).as(what).allMatch(hash -> store.files().contains(EntryHash.parse(hash)));
            }
            checkDisk(what, store);
        }
        if (use != null) {
            assertThat(use.most()).as("%s: bytes on the disk", what).isLessThanOrEqualTo(LIMIT);
        }
    }

    private void checkDisk(String what, Store store) throws IOException {
        long bytes = 0;
        Set<String> files = new TreeSet<>();
        try (Stream<Path> content = Files.walk(root.resolve("content"))) {
            for (Path file : content.filter(Files::isRegularFile).toList()) {
                bytes += (Files.size(file) + 4_095) / 4_096 * 4_096;
                files.add(file.getFileName().toString().replace(".v", ""));
            }
        }
        StoreStatus status = store.status();
        assertThat(status.bytes()).as("%s: counted bytes", what).isEqualTo(bytes);
        assertThat(status.entries()).as("%s: counted entries", what).isEqualTo(files.size());
        assertThat(status.processes()).as(what).isEqualTo(1);
        await().atMost(Duration.ofMinutes(1)).until(() -> store.status().isIndexComplete());
        assertThat(store.entries().map(EntryDescription::hash).toList())
                .as("%s: listed", what)
                .containsExactlyElementsOf(files);
        try (Stream<Path> writing = Files.walk(root.resolve(".monolith/writing"))) {
            assertThat(writing.filter(Files::isRegularFile)).as(what).isEmpty();
        }
    }

    @Override
    public void close() {
        children.forEach(ChildProcess::kill);
        if (use != null) {
            use.close();
        }
    }

    @Override
    public String toString() {
        return starts + " processes, " + puts + " versions stored"
                + (use == null
                        ? ""
                        : ", at most " + use.most() + " of " + LIMIT + " bytes in " + use.samples() + " samples");
    }
}
