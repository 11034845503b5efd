// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
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
        this.releases = new Releases(registry, this::inBackground, this::lost);
        this.held = new HeldCaches(this.listeners, releases::awaitEnd);
        Duration own = backend.sweepInterval();
        this.housekeeping = new Housekeeping(own == null ? settings.sweepInterval() : own, this::sweepNow);
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
            DefaultCacheManager.this.wiped(id, trash);
        }

        @Override
        public void wiped(CacheId id) {
            tellWiped(id);
        }

        @Override
        public void deleting(CacheId id, Runnable deletion) {
            instrumented(deletion::run).run();
        }

        @Override
        public void inBackground(Runnable work) {
            if (settings.wipe() == WipeMode.SYNCHRONOUS) {
                work.run();
            } else {
                DefaultCacheManager.this.inBackground(work);
            }
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

    private void inBackground(Runnable work) {
        housekeeping.delete(work::run);
    }

    private void wiped(CacheId id, DirectoryStorage.Trash trash) {
        if (settings.wipe() == WipeMode.SYNCHRONOUS) {
            attempt(instrumented(trash));
        } else {
            housekeeping.delete(instrumented(trash)::run);
        }
        tellWiped(id);
    }

    private void tellWiped(CacheId id) {
        listeners.tell(listener -> listener.wiped(id, storage.location(id)));
    }

    private Runnable instrumented(DirectoryStorage.Trash trash) {
        try {
            return instrumentation.wipe(storage.name(), trash::delete);
        } catch (RuntimeException failure) {
            log.warn("{} failed", instrumentation, failure);
            return trash::delete;
        }
    }

    /** The cache is gone, whatever becomes of its files: a wipe that vanished does not fail. */
    private static void attempt(Runnable deletion) {
        try {
            deletion.run();
        } catch (RuntimeException failure) {
            log.warn("The files of a wiped cache could not be deleted; the next sweep tries again", failure);
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
        if (!beginToClose()) {
            return;
        }
        releaseAll(held.all().iterator());
        held.all().forEach(cache -> endQuietly(() -> held.alone(cache.id, this::leave)));
        endQuietly(housekeeping::close);
        endQuietly(registry::close);
        endQuietly(storage::close);
    }

    /** Many at once; and if the registry cannot be reached, that is waited for once and not once for each. */
    private void releaseAll(Iterator<HeldCache> all) {
        boolean reachable = true;
        while (all.hasNext() && reachable) {
            List<HeldCache> begun = new ArrayList<>();
            while (all.hasNext() && reachable && begun.size() < Releases.MOST_ON_THEIR_WAY) {
                HeldCache cache = all.next();
                begun.add(cache);
                endQuietly(() -> held.alone(cache.id, this::letGo));
                reachable = isReachable(cache);
            }
            for (HeldCache cache : begun) {
                // whatever works on an id waits for the release that was begun
                endQuietly(() -> held.alone(cache.id, current -> current));
                reachable = reachable && isReachable(cache);
            }
        }
    }

    private HeldCache letGo(HeldCache cache) {
        if (cache.isHeld() || cache.untold) {
            cache.letGo();
            tellRelease(cache);
        }
        return cache;
    }

    private boolean isReachable(HeldCache told) {
        if (!told.untold) {
            return true;
        }
        try {
            registry.requireAlive();
            return true;
        } catch (CacheException unreachable) {
            return false;
        }
    }

    /** What could not be told is the sweep's, once this owner is gone. */
    private HeldCache leave(HeldCache cache) {
        cache.letGo();
        cache.untold = false;
        return cache;
    }

    /**
     * A disk that fails does not make closing fail: what is left is the sweep's, once this owner is gone. Nor does a
     * class that is not there any more at the end of an application.
     */
    private static void endQuietly(Runnable end) {
        try {
            end.run();
        } catch (RuntimeException | LinkageError failure) {
            log.warn("A closed cache manager left something; the next sweep of another process removes it", failure);
        }
    }
}
