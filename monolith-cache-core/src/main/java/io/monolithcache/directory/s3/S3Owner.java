// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.s3.LeaseChain.Renewal;
import io.monolithcache.directory.s3.OwnClock.Moment;
import io.monolithcache.owner.Heartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as an owner: its lease, its heartbeat, and what it claims. An owner that is lost has lost whatever it
 * claimed; the next operation begins as a new one, in another name.
 */
final class S3Owner implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(S3Owner.class);

    private static final int ATTEMPTS = 10;

    private final S3Objects bucket;
    private final S3RegistrySettings settings;
    private final DirectoryStorage storage;
    private final OwnClock clock;
    private final Consumer<CacheId> lost;
    private final Claims claims = new Claims();
    /** One at a time starts, renews or ends the lease, which takes requests. */
    private final ReentrantLock turn = new ReentrantLock();

    /** Held for an instant: no claim is added for an owner that is being lost. */
    private final Object change = new Object();

    private final Queue<CacheId> untold = new ConcurrentLinkedQueue<>();
    private volatile @Nullable LeaseChain life;
    private @Nullable Heartbeat heartbeat;
    private boolean closed;

    /** Guarded by the turn: why it did not come to life, or could not renew, and when that was. */
    private @Nullable CacheBackendException lastFailure;

    private long failedAt;

    /** @param lost hears of each cache that was lost to this process */
    S3Owner(
            S3Objects bucket,
            S3RegistrySettings settings,
            DirectoryStorage storage,
            OwnClock clock,
            Consumer<CacheId> lost) {
        this.bucket = bucket;
        this.settings = settings;
        this.storage = storage;
        this.clock = clock;
        this.lost = lost;
    }

    /** The name of today; null while the owner is not alive. */
    @Nullable String name() {
        LeaseChain now = life;
        return now == null ? null : now.name();
    }

    @Nullable LeaseChain life() {
        return life;
    }

    Claims claims() {
        return claims;
    }

    /** How long ago the last good renewal of the lease began; null while there is none. */
    @Nullable Duration leaseAge() {
        LeaseChain now = life;
        return now == null ? null : now.age();
    }

    /**
     * Alive, and not taken for dead by anybody, as far as this process can tell.
     *
     * @throws CacheBackendException if that cannot be had
     */
    LeaseChain ready() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            LeaseChain now = life;
            if (now != null && !now.isDoubtful()) {
                return now;
            }
            long asked = System.nanoTime();
            inTurn(asked, now == null ? this::start : this::renewIfDoubtful);
        }
        throw new CacheBackendException(
                "This process could not renew its lease of " + settings.lease() + " in time, in " + ATTEMPTS
                        + " attempts. Others may take it for dead meanwhile. Try again",
                null);
    }

    /** Those who waited while somebody tried in vain fail with him, and not one after the other. */
    @SuppressWarnings("ReferenceEquality") // that very failure, and not one like it
    private void inTurn(long asked, Runnable step) {
        turn.lock();
        try {
            CacheBackendException last = lastFailure;
            if (last != null && failedAt - asked > 0) {
                throw new CacheBackendException(String.valueOf(last.getMessage()), last);
            }
            step.run();
            lastFailure = null;
        } catch (CacheBackendException failure) {
            if (lastFailure == null || !lastFailure.equals(failure.getCause())) {
                lastFailure = failure;
                failedAt = System.nanoTime();
            }
            throw failure;
        } finally {
            turn.unlock();
            tellLost();
        }
    }

    /** Without the turn: whoever hears of it may do something with this owner. */
    private void tellLost() {
        for (CacheId id = untold.poll(); id != null; id = untold.poll()) {
            lost.accept(id);
        }
    }

    private void start() {
        if (closed) {
            throw new IllegalStateException("The cache manager is closed");
        }
        if (life != null) {
            return;
        }
        String unused = storage.openRoot();
        LeaseChain first = LeaseChain.start(bucket, clock, settings);
        storage.open(first.name());
        life = first;
        if (heartbeat == null) {
            heartbeat = Heartbeat.start(settings.lease(), this::beat);
        }
    }

    private void renewIfDoubtful() {
        LeaseChain now = life;
        if (now != null && now.isDoubtful()) {
            renew(now);
        }
    }

    /** A third of a lease apart. */
    void beat() {
        turn.lock();
        try {
            LeaseChain now = life;
            if (now != null) {
                renew(now);
            }
        } finally {
            turn.unlock();
            tellLost();
        }
    }

    private void renew(LeaseChain now) {
        if (now.renew() == Renewal.LOST) {
            lose(now);
        }
    }

    /** All that it claimed is lost, before it can begin anew. */
    private void lose(LeaseChain gone) {
        List<CacheId> all;
        synchronized (change) {
            life = null;
            all = claims.clear();
        }
        log.warn(
                "This process was silent for longer than its lease of {}, and was taken for dead as {}: {} caches are"
                        + " lost",
                settings.lease(),
                gone.name(),
                all.size());
        untold.addAll(all);
    }

    /** Claims a cache for this owner. @return false if the owner whose name is in its state is lost meanwhile */
    boolean claim(LeaseChain then, CacheId id, Moment seen) {
        synchronized (change) {
            if (life != then) {
                return false;
            }
            claims.add(id, seen);
            return true;
        }
    }

    /** @throws CacheLostException if this owner does not claim it any more */
    void requireHeld(CacheId id) {
        if (!claims.contains(id)) {
            throw new CacheLostException(id);
        }
    }

    /** Ends the owner. What it still holds is the next sweep's. */
    @Override
    public void close() {
        Heartbeat beating;
        turn.lock();
        try {
            closed = true;
            beating = heartbeat;
            heartbeat = null;
        } finally {
            turn.unlock();
        }
        if (beating != null) {
            beating.stop();
            beating.awaitEnd();
        }
        turn.lock();
        try {
            LeaseChain last = life;
            life = null;
            if (last != null) {
                last.end();
            }
        } finally {
            turn.unlock();
        }
    }
}
