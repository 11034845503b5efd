// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Local copies of files, each made once for each of its versions, in a folder of this process below the one that was
 * given:
 *
 * <pre>
 * s3-8264115432/01kb9v6m3q4w5x6y7z8a9b0c1d/17/report.csv
 * s3-8264115432/drafts/18
 * </pre>
 *
 * <p>A copy of an older version stays until the cache is let go, because somebody may read it yet.
 */
final class LocalCopies implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LocalCopies.class);

    /** What file systems allow, which count bytes. */
    private static final int LONGEST_NAME = 80;

    private final Supplier<Path> scratch;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<CacheId, Map<RelativeName, Copy>> copies = new ConcurrentHashMap<>();
    private @Nullable Path folder;

    LocalCopies(Supplier<Path> scratch) {
        this.scratch = scratch;
    }

    private static final class Copy {

        private final ReentrantLock making = new ReentrantLock();
        private @Nullable String version;
        private @Nullable Path path;
        private @Nullable Trait trait;
    }

    /** By which a file is known again that nobody has changed. */
    private record Trait(long size, FileTime time) {

        static @Nullable Trait of(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return found.isRegularFile() ? new Trait(found.size(), found.lastModifiedTime()) : null;
            } catch (IOException gone) {
                return null;
            }
        }
    }

    /** Copies a file, unless it is of the version that is known. */
    @FunctionalInterface
    interface Fetch {

        /** The version; null if it is the one that is known. */
        @Nullable String into(Path target, @Nullable String known) throws IOException;
    }

    private synchronized Path folder() {
        Path known = folder;
        // somebody may have evicted the place in which it was
        if (known == null || !Files.isDirectory(known)) {
            try {
                known = Files.createTempDirectory(Files.createDirectories(scratch.get()), "s3-");
                Path unused = Files.createDirectory(known.resolve("drafts"));
            } catch (IOException failure) {
                throw new CacheBackendException(
                        "There is no local folder for copies of files in S3: " + failure
                                + ". Check the disk, and monolith.cache.local.path",
                        failure);
            }
            folder = known;
        }
        return known;
    }

    /** The name of a new local file. */
    Path draft() {
        return folder().resolve("drafts").resolve(String.valueOf(numbers.incrementAndGet()));
    }

    /** A copy of the newest version. */
    Path get(CacheId id, RelativeName name, Fetch fetch) throws IOException {
        Map<RelativeName, Copy> ofCache = copies.computeIfAbsent(id, key -> new ConcurrentHashMap<>());
        Copy copy = ofCache.computeIfAbsent(name, key -> new Copy());
        copy.making.lock();
        try {
            Path known = copy.path;
            // whoever was careless and wrote to it does not spoil it for others
            boolean isThere = known != null && copy.trait != null && copy.trait.equals(Trait.of(known));
            Path draft = draft();
            try {
                String version = fetch.into(draft, isThere ? copy.version : null);
                if (version == null && known != null) {
                    return known;
                }
                Path place = place(id, name);
                Path unused = Files.move(draft, place);
                copy.path = place;
                copy.version = version;
                copy.trait = Trait.of(place);
                if (isLetGo(id, ofCache)) {
                    // the last handle was closed meanwhile
                    delete(Objects.requireNonNull(place.getParent()));
                    throw new IllegalStateException(
                            "The handle on cache " + id + " was closed while " + name + " was copied");
                }
                return place;
            } finally {
                boolean unused = Files.deleteIfExists(draft);
            }
        } finally {
            copy.making.unlock();
        }
    }

    /** Whether what is known of a cache is not that any more. */
    @SuppressWarnings("ReferenceEquality") // two may be equal, and yet one be of a handle that was closed
    private boolean isLetGo(CacheId id, Map<RelativeName, Copy> ofCache) {
        return copies.get(id) != ofCache;
    }

    private Path place(CacheId id, RelativeName name) throws IOException {
        Path own = folder().resolve(id.value()).resolve(String.valueOf(numbers.incrementAndGet()));
        Path unused = Files.createDirectories(own);
        List<String> parts = name.parts();
        String last = parts.get(parts.size() - 1);
        try {
            return own.resolve(last.length() <= LONGEST_NAME ? last : "file");
        } catch (InvalidPathException cannotBeNamedHere) {
            return own.resolve("file");
        }
    }

    /** Deletes the copies of a cache. */
    void letGo(CacheId id) {
        Path own;
        synchronized (this) {
            own = folder;
        }
        if (copies.remove(id) != null && own != null) {
            delete(own.resolve(id.value()));
        }
    }

    private static void delete(Path tree) {
        try {
            Path unused = Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    boolean unused = Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    boolean unused = Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException none) {
            // then there is nothing to do
        } catch (IOException | UncheckedIOException failure) {
            log.warn("Local copies in {} could not be deleted", tree, failure);
        }
    }

    @Override
    public synchronized void close() {
        Path own = folder;
        folder = null;
        copies.clear();
        if (own != null) {
            delete(own);
        }
    }
}
