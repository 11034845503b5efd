// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a cache directory is to be made. Immutable; each method returns a changed copy:
 *
 * <pre>{@code
 * manager.create(CacheOptions.defaults().metadata("job", 42).closeAfter(Duration.ofMinutes(10)));
 * }</pre>
 */
public final class CacheOptions {

    private static final CacheOptions DEFAULTS = new CacheOptions(null, Map.of(), null, null);

    /** Stands for a lock without an end. */
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final @Nullable String storage;
    private final Map<String, Object> metadata;
    private final @Nullable Duration lock;
    private final @Nullable Duration closeAfter;

    private CacheOptions(
            @Nullable String storage,
            Map<String, Object> metadata,
            @Nullable Duration lock,
            @Nullable Duration closeAfter) {
        this.storage = storage;
        this.metadata = metadata;
        this.lock = lock;
        this.closeAfter = closeAfter;
    }

    /** The manager's own storage, no metadata, not locked, closed by hand. */
    public static CacheOptions defaults() {
        return DEFAULTS;
    }

    /** The storage by name, for instance {@code local}; the manager refuses one that it does not have. */
    public CacheOptions storage(String name) {
        return new CacheOptions(name, metadata, lock, closeAfter);
    }

    /** Adds a metadata entry; keys and values as in {@link CacheDirectory#putMetadata}. */
    public CacheOptions metadata(String key, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(metadata);
        all.put(key, value);
        return new CacheOptions(storage, all, lock, closeAfter);
    }

    /** Locks the directory from its first moment, without an end. */
    public CacheOptions locked() {
        return new CacheOptions(storage, metadata, FOR_EVER, closeAfter);
    }

    /**
     * Locks the directory from its first moment, for at most the given time.
     *
     * @throws IllegalArgumentException if the time is not positive
     */
    public CacheOptions locked(Duration atMost) {
        return new CacheOptions(storage, metadata, positive(atMost, "atMost"), closeAfter);
    }

    /**
     * The manager closes the handle when this time has passed, unless it was closed before.
     *
     * @throws IllegalArgumentException if the time is not positive
     */
    public CacheOptions closeAfter(Duration time) {
        return new CacheOptions(storage, metadata, lock, positive(time, "closeAfter"));
    }

    @Nullable String storage() {
        return storage;
    }

    Map<String, Object> metadata() {
        return metadata;
    }

    boolean isLocked() {
        return lock != null;
    }

    /** The time the lock lasts, null for no end. */
    @Nullable Duration lockTime() {
        return FOR_EVER.equals(lock) ? null : lock;
    }

    @Nullable Duration closeAfter() {
        return closeAfter;
    }

    private static Duration positive(Duration time, String name) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + time);
        }
        return time;
    }
}
