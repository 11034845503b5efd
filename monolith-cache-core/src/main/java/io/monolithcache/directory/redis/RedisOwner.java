// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheRegistryException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.redis.LeaseClock.Moment;
import io.monolithcache.owner.OwnerName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as an owner: its lease, its heartbeat, and what it claims.
 *
 * <p>The heartbeat renews the lease, a third of it apart. When the lease, the connection or what Redis remembers was
 * gone meanwhile, the owner {@linkplain Recovery recovers} before any other command. Scripts run behind a gate that a
 * recovery closes; a step that has seen a recovery go by starts over.
 */
final class RedisOwner implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisOwner.class);

    private static final int BEATS_PER_LEASE = 3;
    private static final int ATTEMPTS = 10;
    private static final long ORDINARY_SKEW = 1_000;

    private final RedisLink link;
    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final RedisRegistryListener listener;
    private final Recovery recovery;
    private final Consumer<CacheId> lost;
    private final Duration lease;
    private final LeaseClock clock;
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
    private final Set<CacheId> held = ConcurrentHashMap.newKeySet();

    private final LastFailure lastFailure = new LastFailure();
    private volatile @Nullable Life life;
    /** The name under which it prepares what is not published yet, with a lease of its own. Guarded by the gate. */
    private String workspace = "";

    private volatile boolean wantsRecovery;
    private volatile boolean lapsed;
    private volatile boolean silent;
    private @Nullable ScheduledExecutorService beats;
    private boolean closed;

    /**
     * An incarnation that works.
     *
     * @param connection the one over which it has told what it holds
     * @param epoch the one in which it did
     * @param skew by how many milliseconds the clock of Redis is ahead of this process's
     */
    record Life(Incarnation me, String root, RedisConnection connection, String epoch, long skew) {

        String name() {
            return me.toString();
        }

        /** A time of this process's clock by that of Redis; what two clocks usually differ by is let go. */
        Instant redisTime(Instant own) {
            return Math.abs(skew) < ORDINARY_SKEW ? own : own.plusMillis(skew);
        }

        Instant redisNow() {
            return Instant.ofEpochMilli(System.currentTimeMillis() + skew);
        }
    }

    RedisOwner(
            RedisLink link,
            RedisRegistrySettings settings,
            DirectoryStorage storage,
            RedisRegistryListener listener,
            Consumer<CacheId> lost,
            LeaseClock clock) {
        this.link = link;
        this.keys = new RedisKeys(settings.namespace());
        this.storage = storage;
        this.listener = listener;
        this.recovery = new Recovery(keys, storage);
        this.lost = lost;
        this.lease = settings.lease();
        this.clock = clock;
    }

    /** The name of today's incarnation; null while the owner is not alive. */
    @Nullable String name() {
        Life now = life;
        return now == null ? null : now.name();
    }

    /** What is claimed, and told again by every recovery, until its release was told. */
    Set<CacheId> held() {
        return held;
    }

    /**
     * Alive, and known to Redis as far as this process can tell. @throws CacheBackendException if that cannot be had
     */
    Life ready() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Life now = life;
            if (now != null && !needsRecovery(now)) {
                return now;
            }
            if (now == null) {
                start();
            } else {
                recover();
            }
        }
        throw new CacheRegistryException(
                "This process could not renew its lease of " + lease.toMillis() + " ms in " + ATTEMPTS
                        + " attempts. Others take it for dead meanwhile.",
                "Raise monolith.cache.redis.lease if that goes on.",
                null);
    }

    /** Whether nothing has happened to it, and nothing may have, since it was {@link #ready}. */
    boolean isStill(Life then) {
        Life now = life;
        return now != null && then.equals(now) && !needsRecovery(now);
    }

    /**
     * Claims a cache, unless something has happened to this owner, or may have, since it was {@link #ready}. No
     * recovery comes between that question and the claim; it would not tell Redis of this cache.
     */
    boolean claim(Life then, CacheId id) {
        gate.readLock().lock();
        try {
            return isStill(then) && (held.contains(id) || held.add(id));
        } finally {
            gate.readLock().unlock();
        }
    }

    /**
     * Runs a script while no recovery does. One that Redis answers with {@code RECOVER} is repeated after that.
     *
     * @param script may do something else between sending and waiting
     */
    Answer run(Function<Life, Answer> script) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ready();
            gate.readLock().lock();
            try {
                Life now = life;
                if (now != null && !needsRecovery(now)) {
                    Answer answer = noted(now, script.apply(now));
                    if (!answer.is("RECOVER")) {
                        return answer;
                    }
                    wantsRecovery = true;
                }
            } finally {
                gate.readLock().unlock();
            }
        }
        throw new CacheRegistryException(
                "This process and Redis do not agree about its lease, after " + ATTEMPTS + " attempts.",
                "Try again.",
                null);
    }

    private Answer noted(Life now, Answer answer) {
        if (!answer.epoch().equals(now.epoch())) {
            wantsRecovery = true;
        }
        return answer;
    }

    private boolean needsRecovery(Life now) {
        return wantsRecovery || !now.connection().isOpen() || clock.isDoubtful();
    }

    private void start() {
        long asked = System.nanoTime();
        gate.writeLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The cache manager is closed");
            }
            if (life == null) {
                lastFailure.unlessSince(asked, this::startNow);
            }
        } finally {
            gate.writeLock().unlock();
        }
    }

    private Life startNow() {
        // before anything is written: that Redis is down is told at once
        RedisConnection connection = link.connection();
        Incarnation me = Incarnation.first();
        String root = storage.openRoot();
        Moment begin = clock.now();
        Answer answer = recovery.lease(connection, me, me.owner().toString(), root);
        warnOfEviction(answer.text(0));
        // not before its lease: whatever has none is removed
        workspace = me.owner().toString();
        storage.open(workspace);
        beats = beats();
        return settle(me, root, connection, answer, begin);
    }

    /** Nothing tells a key that was evicted from one that was deleted: a lease is over then, and a cache is unknown. */
    private static void warnOfEviction(String policy) {
        if (!policy.equals("noeviction")) {
            log.warn(
                    "This Redis throws keys away when its memory is full (maxmemory-policy {}): then directories are wiped"
                            + " while they are in use. Set it to noeviction",
                    policy);
        }
    }

    private ScheduledExecutorService beats() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "monolith-cache-heartbeat");
            thread.setDaemon(true);
            return thread;
        });
        long apart = lease.toMillis() / BEATS_PER_LEASE;
        Future<?> unused = executor.scheduleAtFixedRate(this::beat, apart, apart, TimeUnit.MILLISECONDS);
        return executor;
    }

    private Life settle(Incarnation me, String root, RedisConnection connection, Answer answer, Moment begin) {
        long skew = answer.now() - System.currentTimeMillis();
        clock.renewed(begin);
        listener.renewed();
        wantsRecovery = false;
        lapsed = false;
        Life settled = new Life(me, root, connection, answer.epoch(), skew);
        life = settled;
        return settled;
    }

    /** Never fails: what it could not do, the next one does. */
    private void beat() {
        try {
            renew();
            if (silent) {
                silent = false;
                log.info("Redis is there again");
            }
        } catch (RuntimeException failure) {
            if (!silent) {
                silent = true;
                log.warn(
                        "The lease of this process could not be renewed; after {} ms without, others take it for dead",
                        lease.toMillis(),
                        failure);
            }
        }
    }

    private void renew() {
        ready();
        gate.readLock().lock();
        try {
            Life now = Objects.requireNonNull(life);
            Moment begin = clock.now();
            Answer answer = now.connection()
                    .run(
                            RedisScript.BEAT,
                            List.of(keys.epoch(), keys.owner(now.name()), keys.owner(workspace)),
                            now.me().describe());
            boolean sameEpoch = answer.epoch().equals(now.epoch());
            if (sameEpoch && answer.is("OK")) {
                clock.renewed(begin);
                listener.renewed();
            } else {
                // Redis remembers everything but this lease: it has lapsed, whatever the clocks of this machine say
                lapsed |= sameEpoch;
                wantsRecovery = true;
            }
        } finally {
            gate.readLock().unlock();
        }
        ready();
    }

    /** Whoever comes first does it, and the others wait. */
    private void recover() {
        List<CacheId> gone = new ArrayList<>();
        long asked = System.nanoTime();
        gate.writeLock().lock();
        try {
            Life last = life;
            if (last != null && needsRecovery(last)) {
                boolean unused = lastFailure.unlessSince(asked, () -> recover(last, gone));
            }
        } finally {
            gate.writeLock().unlock();
            gone.forEach(lost);
        }
    }

    /** @return whether it is complete; if not, it has to begin anew */
    private boolean recover(Life last, List<CacheId> gone) {
        lapsed |= clock.isDoubtful();
        Moment begin = clock.now();
        RedisConnection connection = link.connection();
        Incarnation me = last.me().next();
        // never this name again, whatever becomes of the recovery
        life = new Life(me, last.root(), last.connection(), last.epoch(), last.skew());
        // nor that of a folder that others may be about to remove
        String folder = lapsed ? OwnerName.fresh().toString() : workspace;
        Answer answer = recovery.lease(connection, me, folder, last.root());
        if (!lapsed && clock.isDoubtful()) {
            // the last lease may have ended before this one began
            lapsed = true;
            return false;
        }
        long skew = answer.now() - System.currentTimeMillis();
        boolean leased = recovery.register(connection, me, last.root(), lapsed, skew, held, gone);
        if (!leased || clock.isTooLate(begin)) {
            wantsRecovery = true;
            lapsed |= clock.isTooLate(begin);
            return false;
        }
        if (!folder.equals(workspace)) {
            // the one before goes with the next sweep, since nobody renews its lease any more
            storage.open(folder);
            workspace = folder;
        }
        Life settled = settle(me, last.root(), connection, answer, begin);
        listener.recovered(held.size(), gone.size());
        log.info(
                "{} told Redis again what this process holds: {} caches; {} were lost",
                settled.name(),
                held.size(),
                gone.size());
        return true;
    }

    /** How long ago the last good renewal of the lease began. */
    Duration leaseAge() {
        return clock.age();
    }

    /** Ends the owner. What it still holds is the next sweep's. */
    @Override
    public void close() {
        gate.writeLock().lock();
        try {
            closed = true;
            if (beats != null) {
                beats.shutdownNow();
            }
            Life last = life;
            life = null;
            if (last != null) {
                leave(last);
            }
        } finally {
            gate.writeLock().unlock();
            link.close();
        }
    }

    private void leave(Life last) {
        try {
            storage.removePrepared(workspace);
            Answer unused = link.connection()
                    .run(
                            RedisScript.LEAVE,
                            List.of(
                                    keys.epoch(),
                                    keys.owner(last.name()),
                                    keys.owner(workspace),
                                    keys.owners(last.root())),
                            last.name(),
                            held.isEmpty() ? 1 : 0);
        } catch (CacheBackendException failure) {
            log.debug("Redis was not told that {} has ended; its lease tells it", last.name(), failure);
        }
    }
}
