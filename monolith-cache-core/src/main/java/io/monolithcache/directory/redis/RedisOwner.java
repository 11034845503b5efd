// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheRegistryException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.owner.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;
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

    private static final int ATTEMPTS = 10;

    private final RedisLink link;
    private final RedisRegistrySettings settings;
    private final DirectoryStorage storage;
    private final RedisRegistryListener listener;
    private final RedisLease lease;
    private final Consumer<CacheId> lost;
    private final RedisTime time;
    /** Not reentrant; and who lets a script through may leave it to whoever gets the answer to close it again. */
    private final StampedLock gate = new StampedLock();

    private final Set<CacheId> held = ConcurrentHashMap.newKeySet();
    private final Set<CacheId> released = ConcurrentHashMap.newKeySet();

    private final LastFailure lastFailure = new LastFailure();
    private volatile @Nullable Life life;
    private volatile boolean wantsRecovery;
    private @Nullable Heartbeat heartbeat;
    private boolean closed;

    RedisOwner(
            RedisLink link,
            RedisRegistrySettings settings,
            DirectoryStorage storage,
            RedisRegistryListener listener,
            Consumer<CacheId> lost,
            LeaseClock clock,
            RedisTime time) {
        this.link = link;
        this.settings = settings;
        this.storage = storage;
        this.listener = new GuardedListener(listener);
        this.lease = new RedisLease(link, settings, storage, this.listener, clock, time);
        this.lost = lost;
        this.time = time;
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
     * Those of them whose release was sent, and not answered yet, or never. Nobody uses them: a recovery tells them
     * again, lest they are left to nobody, but turns no wipe of them back.
     */
    Set<CacheId> released() {
        return released;
    }

    /**
     * A mark in what is held is that of a wiper who died or is about to give up, or of a forced evict. The next
     * recovery takes the one away, and learns of the other. Nobody else may take away what another has put: only who
     * holds a cache knows that the wiper does not go on.
     */
    void recoverIfMarked() {
        if (held.stream().anyMatch(this::isMarked)) {
            wantsRecovery = true;
        }
    }

    /** One that cannot be looked at does not keep a sweep from beginning; the next looks again. */
    private boolean isMarked(CacheId id) {
        try {
            return storage.isMarked(id);
        } catch (CacheBackendException failure) {
            log.debug("Whether cache {} is marked could not be seen", id, failure);
            return false;
        }
    }

    /**
     * Alive, and known to Redis as far as this process can tell. @throws CacheRegistryException if that cannot be had
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
                "This process could not renew its lease of " + settings.lease().toMillis() + " ms in " + ATTEMPTS
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
        long pass = gate.readLock();
        try {
            boolean claimed = isStill(then) && (held.contains(id) || held.add(id));
            if (claimed) {
                released.remove(id);
            }
            return claimed;
        } finally {
            gate.unlockRead(pass);
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
            long pass = gate.readLock();
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
                gate.unlockRead(pass);
            }
        }
        throw new CacheRegistryException(
                "This process and Redis do not agree about its lease, after " + ATTEMPTS + " attempts.",
                "Try again.",
                null);
    }

    /** A script that was sent in the name of that life. */
    record Told(Life life, RedisConnection.Sent sent) {

        Answer await() {
            return life.connection().await(sent);
        }
    }

    /**
     * Sends a script, and returns; no recovery begins before it is answered, or fails.
     *
     * @param script one that Redis never answers with {@code RECOVER}
     * @param then is done with the answer before anybody sees it, and before a recovery; must not block
     */
    Told begin(Function<Life, RedisConnection.Sent> script, Consumer<Answer> then) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ready();
            long pass = gate.readLock();
            boolean sent = false;
            try {
                Life now = life;
                if (now != null && !needsRecovery(now)) {
                    RedisConnection.Sent begun = script.apply(now);
                    sent = true;
                    return new Told(now, begun.after((answer, failure) -> {
                        try {
                            if (answer != null) {
                                then.accept(noted(now, answer));
                            }
                        } finally {
                            gate.unlockRead(pass);
                        }
                    }));
                }
            } finally {
                if (!sent) {
                    gate.unlockRead(pass);
                }
            }
        }
        throw restless(ATTEMPTS);
    }

    static CacheRegistryException restless(int attempts) {
        return new CacheRegistryException(
                "The connection to Redis broke in each of " + attempts + " attempts.", "Try again.", null);
    }

    /** @throws CacheLostException if this owner does not claim it any more */
    void requireHeld(CacheId id) {
        if (!held.contains(id)) {
            throw new CacheLostException(id);
        }
    }

    private Answer noted(Life now, Answer answer) {
        if (!answer.epoch().equals(now.epoch())) {
            wantsRecovery = true;
        }
        return answer;
    }

    private boolean needsRecovery(Life now) {
        return wantsRecovery || !now.connection().isOpen() || lease.isDoubtful();
    }

    private void start() {
        long asked = System.nanoTime();
        long pass = gate.writeLock();
        try {
            if (closed) {
                throw new IllegalStateException("The cache manager is closed");
            }
            if (life == null) {
                lastFailure.unlessSince(asked, this::startNow);
            }
        } finally {
            gate.unlockWrite(pass);
        }
    }

    private Life startNow() {
        // before anything is written: that Redis is down is told at once
        RedisConnection connection = link.connection();
        Life first = lease.take(connection, storage.openRoot());
        heartbeat = Heartbeat.start(settings.lease(), this::renew);
        return settle(first);
    }

    private Life settle(Life settled) {
        wantsRecovery = false;
        life = settled;
        return settled;
    }

    private void renew() {
        ready();
        long pass = gate.readLock();
        try {
            if (!lease.isRenewed(Objects.requireNonNull(life))) {
                wantsRecovery = true;
            }
        } finally {
            gate.unlockRead(pass);
        }
        ready();
    }

    /** Whoever comes first does it, and the others wait. */
    private void recover() {
        List<CacheId> gone = new ArrayList<>();
        long asked = System.nanoTime();
        long pass = gate.writeLock();
        try {
            Life last = life;
            if (last != null && needsRecovery(last)) {
                boolean unused = lastFailure.unlessSince(asked, () -> recover(last, gone));
            }
        } finally {
            gate.unlockWrite(pass);
            gone.forEach(lost);
        }
    }

    /** @return whether it is complete; if not, it has to begin anew */
    private boolean recover(Life last, List<CacheId> gone) {
        RedisConnection connection = link.connection();
        Life next = last.next(connection);
        wantsRecovery = true;
        // never the last name again, whatever becomes of the recovery
        life = next;
        Life settled = lease.takeAgain(next, held, released, gone);
        released.retainAll(held);
        if (settled == null) {
            return false;
        }
        settle(settled);
        listener.recovered(held.size(), gone.size());
        log.info(
                "{} told Redis again what this process holds: {} caches; {} were lost",
                settled.name(),
                held.size(),
                gone.size());
        return true;
    }

    RedisTime time() {
        return time;
    }

    /** How long ago the last good renewal of the lease began. */
    Duration leaseAge() {
        return lease.age();
    }

    /** Ends the owner. What it still holds is the next sweep's. */
    @Override
    public void close() {
        long pass = gate.writeLock();
        try {
            closed = true;
            if (heartbeat != null) {
                heartbeat.stop();
            }
            Life last = life;
            life = null;
            if (last != null) {
                lease.leave(last, held.isEmpty());
            }
        } finally {
            gate.unlockWrite(pass);
            link.close();
        }
    }
}
