// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheRegistryException;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryStatus;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.redis.RedisOwner.Life;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
 * release  look: locked?;  script: HDEL o:me; nobody left, no lock → phase wiping;  wipe
 * lock     meta.json;  script: live, o:me there → lock = fresh stamp
 * unlock   script: HDEL lock;  meta.json
 * evict    script: HDEL whoever has no lease; nobody left → phase wiping;  wipe
 * evictForcibly  script: phase wiping, forced;  wipe
 * wipe     mark the directory;  script: still wiping?;  rename into the trash;  script: DEL, ZREM
 * </pre>
 *
 * <p>Between the steps of one operation the owner may have recovered: then the operation starts over. The order of the
 * steps was checked exhaustively by a model of this protocol, with pauses, crashes, an emptied Redis and failovers, and
 * is not changed without it. {@link RedisSweep} removes what the dead leave.
 */
final class RedisReferenceRegistry implements ReferenceRegistry {

    private static final int ATTEMPTS = 10;

    private final String namespace;
    private final RedisLink link;
    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final RedisOwner owner;
    private final RedisWipe wipe;
    private final ReleasedCaches released;
    private final RedisListing listing;
    private final RedisSweep sweep;
    private Listener listener = (id, trash) -> {};

    RedisReferenceRegistry(
            RedisLink link,
            RedisRegistrySettings settings,
            DirectoryStorage storage,
            RedisRegistryListener observer,
            LeaseClock clock) {
        this.namespace = settings.namespace();
        this.link = link;
        this.keys = new RedisKeys(settings.namespace());
        this.storage = storage;
        this.owner = new RedisOwner(link, settings, storage, observer, id -> listener.lost(id), clock);
        this.wipe = new RedisWipe(keys, storage, (id, trash) -> listener.wiped(id, trash));
        this.listing = new RedisListing(keys, storage);
        this.sweep = new RedisSweep(keys, storage, listing, wipe);
        this.released = new ReleasedCaches(wipe, work -> listener.inBackground(work), sweep::wantAll);
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

    /** Says on which cache it failed. */
    private static <T> T naming(String attempt, CacheId id, Supplier<T> step) {
        try {
            return step.get();
        } catch (CacheRootException unusable) {
            throw unusable;
        } catch (CacheRegistryException failure) {
            throw new CacheRegistryException(
                    "Could not " + attempt + " cache " + id + ". " + failure.description(),
                    failure.action(),
                    failure.getCause());
        } catch (CacheBackendException failure) {
            throw new CacheBackendException(
                    "Could not " + attempt + " cache " + id + ". " + failure.getMessage(), failure.getCause());
        }
    }

    private static void namingDone(String attempt, CacheId id, Runnable step) {
        boolean unused = naming(attempt, id, () -> {
            step.run();
            return true;
        });
    }

    @Override
    public boolean create(CacheId id, Map<String, Object> metadata) {
        return naming("create", id, () -> createNow(id, metadata));
    }

    private boolean createNow(CacheId id, Map<String, Object> metadata) {
        Life[] used = new Life[1];
        Answer answer = owner.run(life -> {
            used[0] = life;
            return create(life, id, metadata);
        });
        if (!answer.is("OK")) {
            return false;
        }
        if (owner.claim(used[0], id)) {
            return true;
        }
        try {
            attachNow(id);
            return true;
        } catch (CacheNotFoundException forgotten) {
            return false;
        }
    }

    /** The directory is made while the script is on its way. */
    private Answer create(Life life, CacheId id, Map<String, Object> metadata) {
        RedisConnection connection = life.connection();
        RedisConnection.Sent sent = connection.send(
                RedisScript.CREATE,
                List.of(keys.epoch(), keys.cache(id), keys.index(life.root()), keys.owner(life.name())),
                life.name(),
                id,
                storage.location(id),
                life.root(),
                id.time().toEpochMilli());
        String prepared = null;
        try {
            prepared = storage.prepare();
            storage.fill(prepared, id, metadata);
            Answer answer = connection.await(sent);
            if (answer.is("OK")) {
                storage.publish(prepared, id);
                prepared = null;
            }
            return answer;
        } catch (CacheBackendException | IllegalArgumentException failure) {
            undo(life, sent, id, failure);
            throw failure;
        } finally {
            if (prepared != null) {
                storage.discard(prepared);
            }
        }
    }

    /** What cannot be taken back now goes with this owner, or with its next release. */
    private void undo(Life life, RedisConnection.Sent sent, CacheId id, Exception failure) {
        try {
            if (life.connection().await(sent).is("OK")) {
                Answer answer = releaseScript(life, id, false);
                if (answer.is("WIPE")) {
                    released.add(life, id, answer.epoch());
                }
            }
        } catch (CacheBackendException another) {
            failure.addSuppressed(another);
        }
    }

    @Override
    public void attach(CacheId id) {
        namingDone("attach to", id, () -> attachNow(id));
    }

    private void attachNow(CacheId id) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Life life = owner.ready();
            Answer answer = owner.run(now -> now.connection()
                    .run(
                            RedisScript.ATTACH,
                            List.of(keys.epoch(), keys.cache(id), keys.owner(now.name())),
                            now.name()));
            if (!answer.is("OK")) {
                throw notFound(id, answer);
            }
            Look look = storage.look(id, life.redisNow());
            if (look == Look.GONE || look == Look.MARKED) {
                detach(id);
                throw notFound(id, answer);
            }
            if (owner.claim(life, id)) {
                return;
            }
        }
        throw restless();
    }

    private void detach(CacheId id) {
        Answer unused = owner.run(
                now -> now.connection().run(RedisScript.DETACH, List.of(keys.epoch(), keys.cache(id)), now.name()));
    }

    private static CacheRegistryException restless() {
        return new CacheRegistryException(
                "The connection to Redis broke in each of " + ATTEMPTS + " attempts.", "Try again.", null);
    }

    /** In a young epoch the holders may not have told Redis yet what they hold. */
    private static CacheNotFoundException notFound(CacheId id, Answer answer) {
        long wait = answer.ripe() - answer.now();
        return wait <= 0
                ? new CacheNotFoundException(id)
                : new CacheNotFoundException(
                        id,
                        "Redis does not know it, but has forgotten something lately; if a holder is about to tell it"
                                + " again, it is there within " + seconds(wait));
    }

    private static String seconds(long millis) {
        return (millis + 999) / 1000 + " s";
    }

    @Override
    public void release(CacheId id) {
        boolean unused = naming("release", id, () -> releaseNow(id));
    }

    /** @return whether nobody needs it any more, so that it is wiped */
    private boolean releaseNow(CacheId id) {
        requireHeld(id);
        Life life = owner.ready();
        boolean locked = storage.look(id, life.redisNow()) == Look.LOCKED;
        Life[] used = new Life[1];
        boolean[] claimed = new boolean[1];
        Answer answer = owner.run(now -> {
            used[0] = now;
            // what was read before a recovery decides nothing
            Answer told = releaseScript(now, id, locked || !now.equals(life));
            // before a recovery could claim it again
            claimed[0] = owner.held().remove(id);
            return told;
        });
        boolean lost = !claimed[0] || (answer.is("GONE") && !isForgotten(id, used[0], answer));
        boolean wiped = answer.is("WIPE");
        if (wiped) {
            released.add(used[0], id, answer.epoch());
        }
        if (lost) {
            throw new CacheLostException(id);
        }
        return wiped;
    }

    /** Redis has been emptied since this owner told it what it holds: nobody has taken the cache away. */
    private boolean isForgotten(CacheId id, Life told, Answer answer) {
        return !answer.epoch().equals(told.epoch()) && storage.isThere(id);
    }

    private Answer releaseScript(Life life, CacheId id, boolean locked) {
        return life.connection()
                .run(
                        RedisScript.RELEASE,
                        List.of(keys.epoch(), keys.cache(id), keys.due(life.root())),
                        life.name(),
                        locked ? 1 : 0);
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
        boolean unused = naming("lock", id, () -> referenced(id, () -> lockHeld(id, until)));
    }

    private void lockHeld(CacheId id, @Nullable Instant until) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Life life = owner.ready();
            Instant end = until == null ? null : life.redisTime(until);
            storage.lock(id, end);
            Answer unused = owner.run(now -> lockScript(now, id, end));
            if (owner.isStill(life)) {
                return;
            }
        }
        throw restless();
    }

    private Answer lockScript(Life life, CacheId id, @Nullable Instant until) {
        requireHeld(id);
        return life.connection()
                .run(
                        RedisScript.LOCK,
                        List.of(keys.epoch(), keys.cache(id), keys.owner(life.name()), keys.due(life.root())),
                        life.name(),
                        LockStamp.fresh(null),
                        until == null ? "" : until.toEpochMilli(),
                        id);
    }

    private Answer unlockScript(Life life, CacheId id) {
        requireHeld(id);
        return life.connection()
                .run(RedisScript.UNLOCK, List.of(keys.epoch(), keys.cache(id), keys.owner(life.name())), life.name());
    }

    private void requireHeld(CacheId id) {
        if (!owner.held().contains(id)) {
            throw new CacheLostException(id);
        }
    }

    @Override
    public boolean unlock(CacheId id) {
        return naming(
                "unlock",
                id,
                () -> referenced(id, () -> {
                    Answer unused = owner.run(now -> unlockScript(now, id));
                    storage.unlock(id);
                }));
    }

    /**
     * Does something to a cache while this owner references it, as the protocol wants it.
     *
     * @return whether the cache was wiped, because nobody else needs it
     */
    private boolean referenced(CacheId id, Runnable step) {
        if (owner.held().contains(id)) {
            step.run();
            return false;
        }
        attachNow(id);
        try {
            step.run();
        } catch (RuntimeException failure) {
            releaseAfter(failure, id);
            throw failure;
        }
        return releaseNow(id);
    }

    private void releaseAfter(RuntimeException failure, CacheId id) {
        try {
            boolean unused = releaseNow(id);
        } catch (CacheException another) {
            failure.addSuppressed(another);
        }
    }

    @Override
    public void evict(CacheId id) {
        namingDone("evict", id, () -> evictNow(id));
    }

    private void evictNow(CacheId id) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (isEvicted(id)) {
                return;
            }
        }
        throw restless();
    }

    /** @return false if Redis has only now learned of it again, with its lock */
    private boolean isEvicted(CacheId id) {
        Life life = owner.ready();
        RedisConnection connection = life.connection();
        Answer answer = connection.run(RedisScript.EVICT, List.of(keys.epoch(), keys.cache(id)));
        switch (answer.word()) {
            case "WIPE" -> {
                // or another party was faster
                int unused = wipe.run(connection, life.root(), List.of(id), answer.epoch());
            }
            case "IN_USE" -> throw new CacheInUseException(id, RedisListing.owners(answer, 0));
            case "ABSENT" -> {
                if (!storage.isThere(id)) {
                    throw new CacheNotFoundException(id);
                }
                requireDecidable(answer);
                return sweep.one(connection, life.root(), id);
            }
            default -> requireDecidable(answer);
        }
        return true;
    }

    private static void requireDecidable(Answer answer) {
        long wait = answer.ripe() - answer.now();
        if (wait > 0) {
            throw new CacheRegistryException(
                    "Redis has forgotten something lately, so that its holders may not have told it yet that they use"
                            + " it.",
                    "Try again in " + seconds(wait) + ", or evict it by force.",
                    null);
        }
    }

    @Override
    public void evictForcibly(CacheId id) {
        namingDone("evict by force", id, () -> evictForciblyNow(id));
    }

    private void evictForciblyNow(CacheId id) {
        Life life = owner.ready();
        RedisConnection connection = life.connection();
        Answer answer = connection.run(RedisScript.EVICT_FORCIBLY, List.of(keys.epoch(), keys.cache(id)));
        if (answer.is("ABSENT")) {
            throw notFound(id, answer);
        }
        int unused = wipe.run(connection, life.root(), List.of(id), answer.epoch());
        owner.held().remove(id);
    }

    @Override
    public Optional<Standing> find(CacheId id) {
        return listing.find(link.connection(), id);
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
        Life life = owner.name() == null ? null : owner.ready();
        return sweep.run(life == null ? link.connection() : life.connection());
    }

    @Override
    public void close() {
        owner.close();
    }
}
