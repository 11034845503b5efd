// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.WritableResource;

/** A handle of one manager on one cache that it holds. */
final class CacheHandle implements CacheDirectory {

    private final DefaultCacheManager manager;
    private final DirectoryStorage storage;
    private final HeldCache held;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final LeakWatch.Watch watch;
    private volatile @Nullable Future<?> closeLater;

    CacheHandle(DefaultCacheManager manager, DirectoryStorage storage, HeldCache held, LeakWatch leaks) {
        this.manager = manager;
        this.storage = storage;
        this.held = held;
        this.watch = leaks.watch(this, held, closed);
    }

    @Override
    public CacheId id() {
        return held.id;
    }

    @Override
    public URI location() {
        return storage.location(held.id);
    }

    @Override
    public Path path() {
        requireOpen();
        return storage.path(held.id);
    }

    @Override
    public WritableResource resource(String relativePath) {
        return inCache(() -> storage.resource(held.id, new RelativeName(relativePath), this::requireOpen));
    }

    @Override
    public Stream<String> resources() {
        return inCache(() -> storage.resources(held.id));
    }

    @Override
    public boolean exists(String relativePath) {
        return inCache(() -> storage.exists(held.id, new RelativeName(relativePath)));
    }

    @Override
    public void delete(String relativePath) {
        inCache(() -> {
            storage.delete(held.id, new RelativeName(relativePath));
            return true;
        });
    }

    @Override
    public Path download(String relativePath) {
        return inCache(() -> storage.download(held.id, new RelativeName(relativePath)));
    }

    @Override
    public void upload(Path source, String relativePath) {
        inCache(() -> {
            storage.upload(held.id, source, new RelativeName(relativePath), this::requireOpen);
            return true;
        });
    }

    @Override
    public Map<String, Object> metadata() {
        return inCache(() -> Metadata.snapshot(held.id, storage.metadata(held.id), manager.isLocked(held)));
    }

    @Override
    public void putMetadata(String key, Object value) {
        Metadata.requireFree(key);
        Object normal = Metadata.normalize(key, value);
        inCache(() -> {
            storage.updateMetadata(held.id, old -> Metadata.with(held.id, old, key, normal));
            return true;
        });
    }

    @Override
    public void removeMetadata(String key) {
        Metadata.requireFree(key);
        inCache(() -> {
            storage.updateMetadata(held.id, old -> Metadata.without(held.id, old, key));
            return true;
        });
    }

    @Override
    public void lock() {
        inCache(() -> {
            manager.lockHeld(held, null);
            return true;
        });
    }

    @Override
    public void lock(Duration atMost) {
        inCache(() -> {
            manager.lockHeld(held, atMost);
            return true;
        });
    }

    @Override
    public void unlock() {
        inCache(() -> manager.unlockHeld(held));
    }

    @Override
    public boolean isLocked() {
        return inCache(() -> manager.isLocked(held));
    }

    /** The manager closes this handle by itself; the task keeps it reachable until then. */
    void closeLater(@Nullable Future<?> task) {
        closeLater = task;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Future<?> task = closeLater;
            if (task != null) {
                task.cancel(false);
            }
            manager.release(held);
        }
        watch.end();
    }

    private void requireOpen() {
        if (closed.get() || !held.isHeld()) {
            throw new IllegalStateException("The handle on cache " + held.id + " is closed");
        }
        if (held.isLost()) {
            throw new CacheLostException(held.id);
        }
    }

    /** Runs what touches the storage, after a look whether the reference still stands. */
    private <T extends @Nullable Object> T inCache(Supplier<T> operation) {
        requireOpen();
        try {
            manager.requireHeld(held);
            return operation.get();
        } catch (CacheNotFoundException gone) {
            if (!gone.id().equals(held.id)) {
                throw gone;
            }
            // another thread may have closed this handle meanwhile
            requireOpen();
            // it keeps the cache from being wiped, unless somebody evicts it by force or removes it by hand
            throw manager.lost(held);
        }
    }

    @Override
    public String toString() {
        return "cache " + held.id + (closed.get() ? " (closed)" : "");
    }
}
