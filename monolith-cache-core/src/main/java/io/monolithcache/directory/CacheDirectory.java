// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.core.io.WritableResource;

/**
 * A handle on a cache directory: one reference of this process. When the last handle of the last process is closed, and
 * no lock stands, the directory is wiped.
 *
 * <p>Safe for use by several threads. After {@link #close()} every method but {@link #id()} and {@link #location()}
 * throws {@link IllegalStateException}. Every one that does not throws {@link CacheLostException} once the manager has
 * learnt that an operator evicted the directory by force or that somebody removed it by hand, and
 * {@link CacheBackendException} when the storage fails.
 *
 * <p>Relative names have {@code /} between their parts and lead to a file below the directory: absolute names,
 * {@code .} and {@code ..}, empty parts, NUL, links that lead outside, and the reserved {@code meta.json} and
 * {@code .wiping} at the top are refused with {@link IllegalArgumentException}.
 */
public interface CacheDirectory extends AutoCloseable {

    CacheId id();

    /** Where it is, for instance {@code file:///var/cache/app/monolith-cache/caches/01…/}; also after it was closed. */
    URI location();

    /**
     * The directory itself. Whoever works in it keeps this handle open meanwhile.
     *
     * @throws UnsupportedOperationException if the storage is not the local disk; use {@link #resource} or
     *     {@link #download} then
     */
    Path path();

    /**
     * A file of the directory, which need not exist. What is written to its stream appears whole when the stream is
     * closed, replaces what was there, and fails if this handle was closed meanwhile.
     */
    WritableResource resource(String relativePath);

    /**
     * The names of all files, at any depth and in no order, without reserved ones. The stream must be closed. It fails
     * with {@link CacheBackendException} at a folder that this user may not read, rather than leave files out.
     */
    Stream<String> resources();

    /** Whether there is such a file. */
    boolean exists(String relativePath);

    /** Deletes a file; one that is not there is no error. */
    void delete(String relativePath);

    /**
     * A local, verified copy for reading; on local storage the file itself. It is gone when the handle is closed.
     *
     * @throws CacheBackendException if there is no such file; {@link #exists} and {@link #resources} tell what is there
     */
    Path download(String relativePath);

    /**
     * Copies a local file into the directory, where it appears whole and replaces what was there.
     *
     * @throws IllegalArgumentException if the source is not there, or is a directory
     */
    void upload(Path source, String relativePath);

    /**
     * A snapshot of the metadata: {@code id}, {@code createdAt} (ISO 8601), {@code locked}, and what was put. Values
     * are JSON's: {@code String}, {@code Boolean}, {@code Integer}, {@code Long}, {@code BigInteger}, {@code Double},
     * {@code List}, {@code Map}, and null inside of those two. Immutable.
     */
    Map<String, Object> metadata();

    /**
     * Adds or replaces an entry. Atomic across threads and processes.
     *
     * @param key 1 to 256 characters; not {@code id}, {@code createdAt} or {@code locked}
     * @param value a JSON value, see {@link #metadata()}; all entries together take at most 1 MiB as JSON
     * @throws IllegalArgumentException if the key or the value is refused
     */
    void putMetadata(String key, Object value);

    /**
     * Removes an entry; one that is not there is no error. Atomic across threads and processes.
     *
     * @throws IllegalArgumentException if the key is reserved
     */
    void removeMetadata(String key);

    /** Keeps the directory beyond this handle and this process until it is unlocked. Durable when this returns. */
    void lock();

    /**
     * The same for at most the given time. A lock never shortens another: unlock first.
     *
     * @throws IllegalArgumentException if the time is not positive
     */
    void lock(Duration atMost);

    /** Removes every lock, whoever set it; the directory stays as long as it is referenced. */
    void unlock();

    boolean isLocked();

    /** Releases this handle's reference. Idempotent; never throws because the cache was lost. */
    @Override
    void close();
}
