// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.MetadataJson;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryStatus;
import io.monolithcache.directory.SweepReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The file registry of an owner in another process, which can be killed. */
public final class RemoteRegistry implements ReferenceRegistry {

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    public RemoteRegistry(Path root) {
        try {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xshare:auto",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OwnerProcess.class.getName(),
                            root.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Ends the process at once, and returns when the system has taken its locks away. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process holds the OS lock of a file from here on. */
    void lockFile(Path file) {
        ask(null, "lockFile " + file);
    }

    private String ask(@Nullable CacheId id, String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException("The process has died");
            }
            String[] parts = answer.split(" ", 2);
            if (parts[0].equals("ok")) {
                return parts[1];
            }
            throw failure(id, parts[0], parts[1]);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static RuntimeException failure(@Nullable CacheId id, String type, String message) {
        if (id == null) {
            return new IllegalStateException(type + " " + message);
        }
        return switch (type) {
            case "CacheNotFoundException" -> new CacheNotFoundException(id);
            case "CacheInUseException" -> new CacheInUseException(id, List.of());
            case "CacheLostException" -> new CacheLostException(id);
            case "CacheBackendException" -> new CacheBackendException(message, null);
            default -> new IllegalStateException(type + " " + message);
        };
    }

    @Override
    public boolean start(Listener listener) {
        throw new UnsupportedOperationException("it starts with its process");
    }

    @Override
    public RegistryStatus status() {
        throw new UnsupportedOperationException("Of no use here");
    }

    @Override
    public @Nullable String owner() {
        String owner = ask(null, "owner");
        return owner.equals("null") ? null : owner;
    }

    @Override
    public boolean create(CacheId id, Map<String, Object> metadata) {
        String json = new String(MetadataJson.write(metadata), StandardCharsets.UTF_8);
        return Boolean.parseBoolean(ask(id, "create " + id + " " + json));
    }

    @Override
    public void attach(CacheId id) {
        ask(id, "attach " + id);
    }

    @Override
    public void release(CacheId id) {
        ask(id, "release " + id);
    }

    @Override
    public boolean holds(CacheId id) {
        return Boolean.parseBoolean(ask(id, "holds " + id));
    }

    @Override
    public void lock(CacheId id, @Nullable Instant until) {
        ask(id, "lock " + id + (until == null ? "" : " " + until));
    }

    @Override
    public boolean unlock(CacheId id) {
        return Boolean.parseBoolean(ask(id, "unlock " + id));
    }

    @Override
    public void evict(CacheId id) {
        ask(id, "evict " + id);
    }

    @Override
    public void evictForcibly(CacheId id) {
        ask(id, "evictForcibly " + id);
    }

    @Override
    public Optional<Standing> find(CacheId id) {
        throw new UnsupportedOperationException("ask an owner of this process");
    }

    @Override
    public Stream<CacheId> ids() {
        throw new UnsupportedOperationException("ask an owner of this process");
    }

    @Override
    public List<CacheId> ids(@Nullable CacheId after, int limit) {
        throw new UnsupportedOperationException("ask an owner of this process");
    }

    @Override
    public SweepReport sweep() {
        return new SweepReport(null, 0, 0, 0, Integer.parseInt(ask(null, "sweep")), 0, Duration.ZERO);
    }

    @Override
    public void close() {
        ask(null, "close");
    }
}
