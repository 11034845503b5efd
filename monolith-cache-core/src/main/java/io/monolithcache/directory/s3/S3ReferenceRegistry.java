// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * References in the bucket itself, by nothing but PUT if absent, GET, LIST and DELETE; {@link S3Keys} shows the keys.
 * Of a cache there is one state after the other, and the highest is the truth: of several who want the next one,
 * exactly one writes it, and the others read again ({@link StateChain}). An owner has a lease in the same way
 * ({@link LeaseChain}).
 *
 * <pre>
 * create   PUT version 1, once; then the data
 * attach   live? me among the owners
 * release  me no more; nobody left, no lock → wiping, in the same version; delete the data; wiped
 * lock     live? the longer of both locks
 * unlock   no lock; nobody left → wiping, delete the data, wiped
 * evict    every owner is dead → wiping, delete the data, wiped
 * evictForcibly  wiping, delete the data, wiped
 * </pre>
 *
 * <p>The order of the steps was checked exhaustively by a model of this protocol, with pauses, crashes, and lost and
 * late responses, and is not changed without it. {@link S3Sweep} removes what the dead leave.
 */
final class S3ReferenceRegistry implements ReferenceRegistry {

    static final String NAME = "s3";

    private final S3Objects bucket;
    private final S3RegistrySettings settings;
    private final DirectoryStorage storage;
    private final S3Owner owner;
    private final S3References references;
    private final S3Locks locks;
    private final S3Evictions evictions;
    private final S3Sweep sweep;
    private final S3Listing listing;
    private Listener listener = (id, trash) -> {};

    /**
     * @param states those that the storage takes the metadata from, too
     * @param deletion of all data of a cache; throws if something is left
     * @param clock tells the time by which callers give the ends of locks
     */
    S3ReferenceRegistry(
            S3Objects bucket,
            S3RegistrySettings settings,
            StateChain states,
            DirectoryStorage storage,
            Consumer<CacheId> deletion,
            Clock clock,
            OwnClock elapsed) {
        this.bucket = bucket;
        this.settings = settings;
        this.storage = storage;
        StoreTime time = new StoreTime(clock, elapsed);
        this.owner = new S3Owner(bucket, settings, storage, elapsed, id -> listener.lost(id));
        Liveness liveness = new Liveness(bucket, settings);
        S3Wipe wipe = new S3Wipe(states, deletion, () -> listener);
        this.references = new S3References(states, storage, owner, wipe, elapsed, time);
        this.locks = new S3Locks(states, wipe, time);
        this.evictions = new S3Evictions(states, owner, liveness, wipe);
        this.listing = new S3Listing(bucket, states, time);
        this.sweep = new S3Sweep(bucket, settings, states, storage, owner, references, time, liveness, wipe, elapsed);
    }

    @Override
    public boolean start(Listener events) {
        listener = events;
        return storage.start();
    }

    /** Asks with the listing of one key. */
    @Override
    public RegistryStatus status() {
        long start = System.nanoTime();
        S3Objects.Page unused = bucket.listFolders(S3Keys.OWNERS, null);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return new RegistryStatus(NAME, null, time, owner.leaseAge());
    }

    @Override
    public @Nullable String owner() {
        return owner.name();
    }

    /** How long ago the last good renewal of the lease began; null while there is none. */
    @Nullable Duration leaseAge() {
        return owner.leaseAge();
    }

    /** Renews the lease now, as the heartbeat does. */
    void beat() {
        owner.beat();
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
        CacheAttempt.toDo("release", id, () -> references.release(id));
    }

    /** What a forced evict took away is not there any more. */
    @Override
    public boolean holds(CacheId id) {
        return references.holds(id, settings.recheck());
    }

    @Override
    public void requireAlive() {
        LeaseChain unused = owner.ready();
    }

    @Override
    public void lock(CacheId id, @Nullable Instant until) {
        CacheAttempt.toDo("lock", id, () -> {
            LeaseChain unused = owner.ready();
            locks.lock(id, until);
        });
    }

    @Override
    public boolean unlock(CacheId id) {
        return CacheAttempt.to("unlock", id, () -> {
            LeaseChain unused = owner.ready();
            return locks.unlock(id);
        });
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
        return CacheAttempt.to("look at", id, () -> listing.find(id));
    }

    @Override
    public Stream<Found> find(Stream<CacheId> ids) {
        return listing.find(ids);
    }

    @Override
    public Stream<CacheId> ids() {
        return listing.all();
    }

    @Override
    public List<CacheId> ids(@Nullable CacheId after, int limit) {
        return listing.page(after, limit);
    }

    @Override
    public SweepReport sweep() {
        return sweep.run();
    }

    @Override
    public void close() {
        owner.close();
    }
}
