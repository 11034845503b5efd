// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Creates, finds, shares and removes cache directories. One manager is one <em>owner</em>: whatever it holds goes when
 * it is closed or when its process dies, however it dies, unless a directory is locked or somebody else references it
 * too.
 *
 * <p>Where servers with a disk each share a registry, caches of the others' roots are found and listed. Everything else
 * is a matter of managers of their root: here they are not found, and the message says where they are.
 *
 * <p>Safe for use by any number of threads. Several managers may work on one root, in one process or in many. Every
 * method but {@link #close()} throws {@link IllegalStateException} after the manager was closed, and
 * {@link CacheBackendException} when the disk, Redis or S3 fails.
 */
public interface CacheManager extends AutoCloseable {

    /** Builds a manager by hand: without Spring Boot, or for a second root beside the auto-configured one. */
    static CacheManagerBuilder builder() {
        return new CacheManagerBuilder();
    }

    /** A new, empty directory in the manager's storage, referenced until the handle is closed. */
    CacheDirectory create();

    /**
     * A new, empty directory, made as the options say.
     *
     * @throws IllegalArgumentException if the storage is unknown or a metadata key or value is refused
     */
    CacheDirectory create(CacheOptions options);

    /**
     * One more handle on a directory that exists. Costs no system call when this manager holds the directory already.
     *
     * @throws CacheNotFoundException if there is none, or its wipe has begun: a cache is never revived
     */
    CacheDirectory attach(CacheId id);

    /**
     * The same by location, inside one of the manager's storages only: {@code file:…} or {@code s3://bucket/…}.
     *
     * @throws IllegalArgumentException if the location is outside, or names no cache
     * @throws CacheNotFoundException if there is no such cache
     */
    CacheDirectory attach(URI location);

    /**
     * The same by path, inside the manager's root only.
     *
     * @throws IllegalArgumentException if the path is outside, or names no cache
     * @throws CacheNotFoundException if there is no such cache
     */
    CacheDirectory attach(Path path);

    /** What is known of one cache, without referencing it. */
    Optional<CacheDescription> find(CacheId id);

    /**
     * All caches, lazily and in no order; what comes or goes meanwhile may be seen or not. The stream must be closed:
     * it holds an open directory.
     */
    Stream<CacheDescription> list();

    /**
     * A page of all caches in the order of ids. Memory does not grow with the number of caches.
     *
     * @param after the last id of the page before, null for the first page
     * @param limit the size of the page, 1 to 1,000
     * @throws IllegalArgumentException if the limit is out of range
     */
    List<CacheDescription> list(@Nullable CacheId after, int limit);

    /**
     * The files of one cache and their size, counted now by walking through it. What this user may not see, because
     * somebody took the rights to a folder away, is not counted.
     *
     * @throws CacheNotFoundException if there is no such cache
     */
    CacheUsage usage(CacheId id);

    /** How many caches this manager references now, however many handles each has; 0 once it is closed. */
    int held();

    /** The storages by name, for instance {@code local} and {@code s3}; first the one where new directories live. */
    List<String> storages();

    /** {@link #status(String)} of the storage where new directories live. */
    default StorageStatus status() {
        return status(storages().get(0));
    }

    /**
     * Looks at a storage: whether a cache could be created there now, and how much space is left. Writes nothing, and
     * takes as long as the storage does to answer.
     *
     * @throws IllegalArgumentException if there is no such storage
     * @throws CacheBackendException if the storage cannot be used; its message says why and what to do
     */
    StorageStatus status(String storage);

    /** {@link #registryStatus(String)} of the storage where new directories live. */
    default RegistryStatus registryStatus() {
        return registryStatus(storages().get(0));
    }

    /**
     * Asks the registry of a storage whether it works, and nothing of it: no cache is touched. Takes as long as it does
     * to answer.
     *
     * @throws IllegalArgumentException if there is no such storage
     * @throws CacheBackendException if it does not answer; its message says why and what to do
     */
    RegistryStatus registryStatus(String storage);

    /**
     * Keeps a cache from being wiped automatically, whoever dies, until it is unlocked. Durable when this returns.
     *
     * @throws CacheNotFoundException if there is no such cache
     */
    void lock(CacheId id);

    /**
     * The same for at most the given time. A lock never shortens another: unlock first.
     *
     * @throws IllegalArgumentException if the time is not positive
     * @throws CacheNotFoundException if there is no such cache
     */
    void lock(CacheId id, Duration atMost);

    /**
     * Removes every lock of a cache.
     *
     * @return whether that wiped it, because nobody referenced it
     * @throws CacheNotFoundException if there is no such cache
     */
    boolean unlock(CacheId id);

    /**
     * Wipes a cache that nobody references, also a locked one.
     *
     * @throws CacheInUseException if it is referenced; then nothing has changed
     * @throws CacheNotFoundException if there is no such cache
     */
    void evict(CacheId id);

    /**
     * Wipes a cache even while it is referenced: an operator's decision. Its holders then get
     * {@link CacheLostException}.
     *
     * @throws CacheNotFoundException if there is no such cache
     */
    void evictForcibly(CacheId id);

    /**
     * Drops the references of dead owners, wipes what they leave, and empties the trash. Also runs in the background.
     */
    SweepReport sweep();

    /** Releases every reference of this owner and ends its background work. Idempotent. */
    @Override
    void close();
}
