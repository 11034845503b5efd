// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A manager over one storage, any, and one registry, any. It counts the handles of this process, so that only the first
 * and the last on a cache touch the registry; runs the background work; and tells holders what they lost. Everything
 * that other processes see is the registry's.
 *
 * <p>Attaching to a cache that is held is one compare-and-set, without a system call, so it may come after another
 * process's forced evict; the next operation that touches the storage, or the sweep, notices.
 */
final class DefaultCacheManager implements CacheManager {

    private static final Logger log = LoggerFactory.getLogger(DefaultCacheManager.class);

    private static final int ATTEMPTS = 100;

    private final DirectoryStorage storage;
    private final ReferenceRegistry registry;
    private final ManagerSettings settings;
    private final CacheInstrumentation instrumentation;
    private final Listeners listeners;
    private final CacheListing listing;
    private final Releases releases;
    private final HeldCaches held;
    private final Housekeeping housekeeping;
    private final Wipes wipes;
    private final LeakWatch leaks;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReadWriteLock life = new ReentrantReadWriteLock();

    DefaultCacheManager(
            DirectoryBackend backend,
            ManagerSettings settings,
            CacheInstrumentation instrumentation,
            List<CacheListener> listeners) {
        this.storage = backend.storage();
        this.registry = backend.registry();
        this.settings = settings;
        this.instrumentation = instrumentation;
        this.listeners = new Listeners(listeners);
        Duration own = backend.sweepInterval();
        this.housekeeping = new Housekeeping(own == null ? settings.sweepInterval() : own, this::sweepNow);
        this.wipes = new Wipes(storage, settings.wipe(), instrumentation, this.listeners, housekeeping);
        this.releases = new Releases(registry, work -> housekeeping.delete(work::run), this::lost);
        this.held = new HeldCaches(this.listeners, releases::awaitEnd);
        // whoever sees one has to sweep it when its owner dies: perhaps nobody else is left then
        this.listing = new CacheListing(storage, registry, housekeeping::startSweeping);
        this.leaks = new LeakWatch(
                settings,
                storage,
                housekeeping,
                leaked -> this.listeners.tell(listener -> listener.leaked(leaked.id, storage.location(leaked.id))),
                this::release);
        if (registry.start(new Events())) {
            housekeeping.startSweeping();
        }
    }

    private final class Events implements ReferenceRegistry.Listener {

        @Override
        public void wiped(CacheId id, DirectoryStorage.Trash trash) {
            wipes.wiped(id, trash);
        }

        @Override
        public void wiped(CacheId id) {
            wipes.tell(id);
        }

        @Override
        public void deleting(CacheId id, Runnable deletion) {
            wipes.observed(deletion::run).run();
        }

        @Override
        public void inBackground(Runnable work) {
            wipes.inBackground(work);
        }

        @Override
        public void lost(CacheId id) {
            HeldCache cache = held.find(id);
            if (cache != null && cache.isHeld() && isNews(cache)) {
                // who listens may take his time, and this thread has others to save
                if (housekeeping.later(Duration.ZERO, () -> tellLost(cache)) == null) {
                    tellLost(cache);
                }
            }
        }
    }

    @Override
    public CacheDirectory create() {
        return create(CacheOptions.defaults());
    }

    @Override
    public CacheDirectory create(CacheOptions options) {
        return instrumentation.create(storage.name(), () -> createNow(options));
    }

    private CacheHandle createNow(CacheOptions options) {
        requireOpen();
        String wanted = options.storage();
        if (wanted != null) {
            requireName(wanted);
        }
        CacheHandle handle = handle(createHeld(options.metadata()));
        if (options.isLocked()) {
            lockOrClose(handle, options.lockTime());
        }
        Duration closeAfter = options.closeAfter();
        if (closeAfter != null) {
            handle.closeLater(housekeeping.later(closeAfter, handle::close));
        }
        housekeeping.startSweeping();
        listeners.tell(listener -> listener.created(handle.id(), handle.location()));
        return handle;
    }

    private HeldCache createHeld(Map<String, Object> metadata) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            CacheId id = CacheId.random(settings.clock().instant());
            Map<String, Object> initial = Metadata.initial(id, metadata);
            HeldCache created = held.alone(
                    id,
                    cache -> whileOpen(() -> {
                        if (!registry.create(id, initial)) {
                            return null;
                        }
                        cache.hold();
                        return cache;
                    }));
            if (created != null) {
                return created;
            }
        }
        throw new CacheBackendException("No id could be had in " + ATTEMPTS + " attempts; try again", null);
    }

    private static void lockOrClose(CacheHandle handle, @Nullable Duration atMost) {
        try {
            if (atMost == null) {
                handle.lock();
            } else {
                handle.lock(atMost);
            }
        } catch (RuntimeException failure) {
            handle.close();
            throw failure;
        }
    }

    @Override
    public CacheDirectory attach(CacheId id) {
        requireOpen();
        HeldCache shared = held.share(id);
        if (shared == null) {
            shared = held.alone(id, this::attachFirst);
        }
        if (shared.isLost()) {
            release(shared);
            throw new CacheNotFoundException(id);
        }
        return handle(shared);
    }

    private HeldCache attachFirst(HeldCache cache) {
        if (!cache.share()) {
            whileOpen(() -> {
                registry.attach(cache.id);
                // a reference whose release could not be told is taken over
                cache.untold = false;
                cache.hold();
                return cache;
            });
            housekeeping.startSweeping();
        }
        return cache;
    }

    /** Adds a first handle either before {@link #close()} begins, which then sees it, or not at all. */
    private <T extends @Nullable Object> T whileOpen(Supplier<T> step) {
        life.readLock().lock();
        try {
            requireOpen();
            return step.get();
        } finally {
            life.readLock().unlock();
        }
    }

    /** Waits for first handles that are being added; false if the manager was closed before. */
    private boolean beginToClose() {
        life.writeLock().lock();
        try {
            return closed.compareAndSet(false, true);
        } finally {
            life.writeLock().unlock();
        }
    }

    @Override
    public CacheDirectory attach(URI location) {
        return attach(storage.idOf(location));
    }

    @Override
    public CacheDirectory attach(Path path) {
        return attach(storage.idOf(path.toUri()));
    }

    private CacheHandle handle(HeldCache cache) {
        return new CacheHandle(this, storage, cache, leaks);
    }

    /** One handle less. Never throws because the cache was lost, or because the registry cannot be reached. */
    void release(HeldCache cache) {
        if (!cache.unshare()) {
            held.alone(cache.id, current -> {
                // the manager may have been closed, which released everything
                if (current == cache && cache.isHeld() && cache.drop()) {
                    storage.letGo(cache.id);
                    tellRelease(cache);
                }
                return cache;
            });
            // whatever works on an id waits for the release that was begun
            releases.awaitInBackground(begun -> held.alone(begun.id, current -> current));
        }
    }

    /** With the mutex of the cache. */
    private void tellRelease(HeldCache cache) {
        if (settings.wipe() == WipeMode.SYNCHRONOUS) {
            releases.tell(cache);
        } else {
            releases.begin(cache);
        }
    }

    @Override
    public Optional<CacheDescription> find(CacheId id) {
        requireOpen();
        return listing.find(id);
    }

    @Override
    public Stream<CacheDescription> list() {
        requireOpen();
        return registry.find(registry.ids()).map(this::describe).flatMap(Optional::stream);
    }

    /** A stream may outlive this manager, which then describes nothing any more. */
    private Optional<CacheDescription> describe(ReferenceRegistry.Found found) {
        requireOpen();
        return listing.describe(found);
    }

    @Override
    public List<CacheDescription> list(@Nullable CacheId after, int limit) {
        requireOpen();
        return listing.page(after, limit);
    }

    @Override
    public CacheUsage usage(CacheId id) {
        requireOpen();
        return storage.usage(id);
    }

    boolean holds(CacheId id) {
        HeldCache known = held.find(id);
        return known != null && known.isHeld();
    }

    @Override
    public int held() {
        return held.size();
    }

    @Override
    public List<String> storages() {
        return List.of(storage.name());
    }

    private void requireName(String wanted) {
        if (!wanted.equals(storage.name())) {
            throw new IllegalArgumentException(
                    "This manager keeps directories in '" + storage.name() + "', not in '" + wanted + "'");
        }
    }

    @Override
    public StorageStatus status(String name) {
        requireOpen();
        requireName(name);
        return storage.status();
    }

    @Override
    public RegistryStatus registryStatus(String name) {
        requireOpen();
        requireName(name);
        return registry.status();
    }

    @Override
    public void lock(CacheId id) {
        lock(id, (Instant) null);
    }

    @Override
    public void lock(CacheId id, Duration atMost) {
        lock(id, end(atMost));
    }

    private void lock(CacheId id, @Nullable Instant until) {
        alone(id, () -> {
            registry.lock(id, until);
            return true;
        });
    }

    void lockHeld(HeldCache cache, @Nullable Duration atMost) {
        lock(cache.id, atMost == null ? null : end(atMost));
    }

    private Instant end(Duration atMost) {
        if (atMost.isNegative() || atMost.isZero()) {
            throw new IllegalArgumentException("atMost must be positive, not " + atMost);
        }
        try {
            Instant end = settings.clock().instant().plus(atMost);
            return Instant.ofEpochMilli(end.toEpochMilli());
        } catch (DateTimeException | ArithmeticException beyondTime) {
            return Instant.ofEpochMilli(Long.MAX_VALUE);
        }
    }

    @Override
    public boolean unlock(CacheId id) {
        return alone(id, () -> registry.unlock(id));
    }

    boolean unlockHeld(HeldCache cache) {
        return unlock(cache.id);
    }

    boolean isLocked(HeldCache cache) {
        return registry.find(cache.id)
                .orElseThrow(() -> new CacheNotFoundException(cache.id))
                .locked();
    }

    @Override
    public void evict(CacheId id) {
        alone(id, () -> {
            registry.evict(id);
            return true;
        });
    }

    @Override
    public void evictForcibly(CacheId id) {
        requireOpen();
        HeldCache own = held.alone(id, cache -> {
            registry.evictForcibly(id);
            return cache;
        });
        if (own.isHeld()) {
            lost(own);
        }
    }

    private <T extends @Nullable Object> T alone(CacheId id, Supplier<T> step) {
        requireOpen();
        return held.alone(id, cache -> {
            try {
                return step.get();
            } catch (CacheBackendException failure) {
                // the reference that it took for the time being may stand, and is given back later
                if (!cache.isHeld() && registry.holds(id)) {
                    cache.untold = true;
                }
                throw failure;
            }
        });
    }

    @Override
    public SweepReport sweep() {
        requireOpen();
        return sweepNow();
    }

    private SweepReport sweepNow() {
        try {
            SweepReport report = registry.sweep();
            listeners.tell(listener -> listener.swept(storage.name(), report));
            return report;
        } catch (RuntimeException failure) {
            listeners.tell(listener -> listener.sweepFailed(storage.name(), failure));
            throw failure;
        } finally {
            // also when the sweep failed: what one release waits for may work again
            tellAndLearn();
        }
    }

    /** Tells the releases that could not be told, and learns which caches were lost. */
    private void tellAndLearn() {
        for (HeldCache cache : held.all()) {
            held.alone(cache.id, current -> {
                if (current.untold) {
                    releases.tell(current);
                }
                return current;
            });
            if (cache.isHeld() && !cache.isLost() && !registry.holds(cache.id)) {
                lostUnlessReleased(cache);
            }
        }
    }

    private void lostUnlessReleased(HeldCache cache) {
        held.alone(cache.id, current -> {
            if (current == cache && cache.isHeld() && !registry.holds(cache.id)) {
                lost(cache);
            }
            return cache;
        });
    }

    /** @throws CacheNotFoundException if the reference does not stand any more */
    void requireHeld(HeldCache cache) {
        registry.requireAlive();
        if (!registry.holds(cache.id)) {
            throw new CacheNotFoundException(cache.id);
        }
    }

    /** Remembers that a cache was lost, and tells it once. What is left on the disk does not say by whom. */
    CacheLostException lost(HeldCache cache) {
        if (isNews(cache)) {
            tellLost(cache);
        }
        return new CacheLostException(cache.id);
    }

    private static boolean isNews(HeldCache cache) {
        boolean news = cache.lose();
        if (news) {
            log.warn("{}", new CacheLostException(cache.id).getMessage());
        }
        return news;
    }

    private void tellLost(HeldCache cache) {
        listeners.tell(listener -> listener.lost(cache.id, storage.location(cache.id)));
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("The cache manager is closed");
        }
    }

    @Override
    public void close() {
        if (beginToClose()) {
            new Closing(held, registry, this::tellRelease).run(housekeeping, registry, storage);
        }
    }
}
