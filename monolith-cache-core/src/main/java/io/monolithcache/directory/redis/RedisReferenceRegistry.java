// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheAttempt;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryStatus;
import io.monolithcache.directory.SweepReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One hash per cache, changed by one script at a time, and one lease per owner; {@link RedisKeys} shows the keys. Every
 * script begins with the epoch, which says since when Redis remembers everything: an emptied, restarted or failed-over
 * Redis begins a new one, and in its first two leases nothing is decided about what was there before.
 *
 * <pre>
 * create   script: lease there? ZADD index, HSET phase live, o:me   ‖  the directory is made ready meanwhile; rename
 * attach   script: lease there? live? HSET o:me;  look: no directory, or marked → HDEL, not found
 * release  script: HDEL o:me; nobody left, no lock, created in this epoch → phase wiping;  wipe
 *          nobody left, of an earlier epoch → as a sweep does for this one
 * lock     meta.json;  script: live, o:me there → lock = fresh stamp
 * unlock   script: HDEL lock;  meta.json
 * evict    script: HDEL whoever has no lease; nobody left → phase wiping;  wipe
 * evictForcibly  script: phase wiping, forced;  wipe
 * wipe     mark the directory;  script: still wiping?;  rename into the trash;  script: DEL, ZREM
 *          whatever keeps it from the rename: take its own mark away
 * </pre>
 *
 * <p>Between the steps of one operation the owner may have recovered: then the operation starts over. The order of the
 * steps was checked exhaustively by a model of this protocol, with pauses, crashes, an emptied Redis and failovers, and
 * is not changed without it. {@link RedisSweep} removes what the dead leave.
 */
final class RedisReferenceRegistry implements ReferenceRegistry {

    private final String namespace;
    private final RedisLink link;
    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final RedisOwner owner;
    private final RedisReferences references;
    private final RedisLocks locks;
    private final RedisEvictions evictions;
    private final RedisListing listing;
    private final RedisSweep sweep;
    private Listener listener = (id, trash) -> {};

    RedisReferenceRegistry(
            RedisLink link,
            RedisRegistrySettings settings,
            DirectoryStorage storage,
            RedisRegistryListener observer,
            LeaseClock leaseClock,
            Clock clock) {
        this.namespace = settings.namespace();
        this.link = link;
        this.keys = new RedisKeys(settings.namespace());
        this.storage = storage;
        this.owner = new RedisOwner(
                link, settings, storage, observer, id -> listener.lost(id), leaseClock, new RedisTime(clock));
        RedisWipe wipe = new RedisWipe(keys, storage, (id, trash) -> listener.wiped(id, trash));
        this.listing = new RedisListing(keys, storage);
        this.sweep = new RedisSweep(keys, storage, listing, wipe);
        ReleasedCaches released = new ReleasedCaches(wipe, work -> listener.inBackground(work), sweep::wantAll);
        this.references = new RedisReferences(keys, storage, owner, released, sweep);
        this.locks = new RedisLocks(keys, storage, owner, references);
        this.evictions = new RedisEvictions(keys, storage, owner, sweep, wipe);
    }

    @Override
    public boolean start(Listener events) {
        listener = events;
        return storage.start();
    }

    /** Asks with a script that reads nothing but the epoch, so that no command is needed beside scripts. */
    @Override
    public RegistryStatus status() {
        long start = System.nanoTime();
        Answer unused = link.connection().run(RedisScript.DEAD, List.of(keys.epoch()));
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return new RegistryStatus(RedisRegistry.NAME, namespace, time, owner.name() == null ? null : owner.leaseAge());
    }

    @Override
    public @Nullable String owner() {
        return owner.name();
    }

    @Override
    public boolean create(CacheId id, Map<String, Object> metadata) {
        return CacheAttempt.to("create", id, () -> references.create(id, metadata));
    }

    @Override
    public void attach(CacheId id) {
        CacheAttempt.toDo("attach to", id, () -> references.attach(id));
    }

    @Override
    public void release(CacheId id) {
        boolean unused = CacheAttempt.to("release", id, () -> references.release(id));
    }

    @Override
    public Release beginRelease(CacheId id) {
        Release begun = CacheAttempt.to("release", id, () -> references.beginRelease(id));
        return () -> CacheAttempt.toDo("release", id, begun::await);
    }

    /** What a forced evict took away is not there any more, or is about to go. */
    @Override
    public boolean holds(CacheId id) {
        return owner.held().contains(id) && storage.isThere(id);
    }

    @Override
    public void requireAlive() {
        Life unused = owner.ready();
    }

    @Override
    public void lock(CacheId id, @Nullable Instant until) {
        CacheAttempt.toDo("lock", id, () -> locks.lock(id, until));
    }

    @Override
    public boolean unlock(CacheId id) {
        return CacheAttempt.to("unlock", id, () -> locks.unlock(id));
    }

    @Override
    public void evict(CacheId id) {
        CacheAttempt.toDo("evict", id, () -> evictions.evict(id));
    }

    @Override
    public void evictForcibly(CacheId id) {
        CacheAttempt.toDo("evict by force", id, () -> evictions.evictForcibly(id));
    }

    @Override
    public Optional<Standing> find(CacheId id) {
        return listing.find(link.connection(), id);
    }

    @Override
    public Stream<Found> find(Stream<CacheId> ids) {
        return listing.find(link::connection, ids);
    }

    @Override
    public Stream<CacheId> ids() {
        return listing.all(link::connection);
    }

    @Override
    public List<CacheId> ids(@Nullable CacheId after, int limit) {
        return listing.page(link.connection(), after, limit, RedisListing.ALL_ROOTS);
    }

    @Override
    public SweepReport sweep() {
        owner.recoverIfMarked();
        Life life = owner.name() == null ? null : owner.ready();
        return sweep.run(life == null ? link.connection() : life.connection());
    }

    @Override
    public void close() {
        owner.close();
    }
}
