// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.SweepReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops what the dead held, and wipes what nobody needs. Each time it asks Redis one question, whatever the number of
 * caches: whether an owner of this root has died, or a time has come that somebody noted. Only then, and after Redis
 * has forgotten something, it goes over all caches: those that Redis knows, and those that only the disk does.
 *
 * <pre>
 * peek     script, for many caches: who needs no look; the lock of the others
 * look     gone, locked or free
 * decide   script, for one: still the same epoch? nobody left, and no lock → phase wiping; wipe
 * </pre>
 */
final class RedisSweep {

    private static final Logger log = LoggerFactory.getLogger(RedisSweep.class);

    private static final int BATCH = 200;

    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final RedisListing listing;
    private final RedisWipe wipe;
    private final UnusedRoots unused;
    private final ReentrantLock running = new ReentrantLock();

    /** The epoch of which everything has been looked at once it was old enough. */
    private volatile @Nullable String sweptEpoch;

    RedisSweep(RedisKeys keys, DirectoryStorage storage, RedisListing listing, RedisWipe wipe) {
        this.keys = keys;
        this.storage = storage;
        this.listing = listing;
        this.wipe = wipe;
        this.unused = new UnusedRoots(keys);
    }

    /** The next sweep goes over everything, whatever Redis says. */
    void wantAll() {
        sweptEpoch = null;
    }

    SweepReport run(RedisConnection connection) {
        if (!storage.isIntact()) {
            return SweepReport.skipped("the root holds no registry, or another one than at the start of this process");
        }
        String root = Objects.requireNonNull(storage.root());
        if (!running.tryLock()) {
            return SweepReport.skipped("another sweep of this process is under way");
        }
        try {
            return new Pass(connection, root).run();
        } finally {
            running.unlock();
        }
    }

    /** Sweeps one cache. @return whether that wiped it */
    boolean one(RedisConnection connection, String root, CacheId id) {
        Pass pass = new Pass(connection, root);
        pass.sweep(List.of(id), state -> true);
        if (!pass.complete) {
            wantAll();
        }
        return pass.directories > 0;
    }

    private final class Pass {

        private final RedisConnection connection;
        private final String root;
        private final long start = System.nanoTime();
        private int references;
        private int locks;
        private int directories;
        private boolean complete = true;

        Pass(RedisConnection connection, String root) {
            this.connection = connection;
            this.root = root;
        }

        SweepReport run() {
            Answer rest = connection.run(
                    RedisScript.REST, List.of(keys.epoch(), keys.owners(root), keys.due(root), keys.unused()), root);
            List<String> dead = rest.texts();
            int gone = 0;
            if (rest.is("DUE") || !dead.isEmpty() || !rest.epoch().equals(sweptEpoch)) {
                gone = sweepAll(rest, dead);
            }
            sweepPrepared(rest);
            unused.forget(connection);
            int trash = storage.purge();
            return new SweepReport(
                    null, gone, references, locks, directories, trash, Duration.ofNanos(System.nanoTime() - start));
        }

        private int sweepAll(Answer rest, List<String> dead) {
            Answer unused = connection.run(RedisScript.BEGIN, List.of(keys.epoch(), keys.due(root)));
            sweepKnown();
            sweepUnknown();
            if (!complete) {
                sweptEpoch = null;
                return 0;
            }
            List<Object> arguments = new ArrayList<>();
            arguments.add(rest.now());
            arguments.addAll(dead);
            Answer swept = connection.run(
                    RedisScript.SWEPT, List.of(keys.epoch(), keys.owners(root), keys.due(root)), arguments.toArray());
            if (rest.now() >= rest.ripe() && swept.epoch().equals(rest.epoch())) {
                sweptEpoch = rest.epoch();
            }
            return swept.number(0);
        }

        /** What Redis knows of this root. */
        private void sweepKnown() {
            List<CacheId> page = listing.page(connection, null, BATCH, root);
            while (!page.isEmpty()) {
                sweep(page, state -> !state.equals("used"));
                page = listing.page(connection, page.get(page.size() - 1), BATCH, root);
            }
        }

        /**
         * What only the disk knows: Redis has forgotten it, or a process died before it told. Or Redis knows it in a
         * root that had another name.
         */
        private void sweepUnknown() {
            try (Stream<CacheId> all = storage.list()) {
                Iterator<CacheId> ids = all.iterator();
                while (ids.hasNext()) {
                    List<CacheId> batch = new ArrayList<>(BATCH);
                    while (ids.hasNext() && batch.size() < BATCH) {
                        batch.add(ids.next());
                    }
                    sweep(batch, state -> state.equals("absent") || state.equals("elsewhere"));
                }
            }
        }

        void sweep(List<CacheId> ids, Predicate<String> wanted) {
            if (ids.isEmpty()) {
                return;
            }
            List<String> names = new ArrayList<>(ids.size() + 1);
            names.add(keys.epoch());
            ids.forEach(id -> names.add(keys.cache(id)));
            Answer seen = connection.run(RedisScript.PEEK, names, root);
            for (int i = 0; i < ids.size(); i++) {
                if (wanted.test(seen.text(2 * i))) {
                    attempt(ids.get(i), seen, seen.text(2 * i + 1));
                }
            }
        }

        /** One cache that cannot be looked at does not keep the others from being swept. */
        private void attempt(CacheId id, Answer seen, String lock) {
            try {
                decide(id, seen, lock);
            } catch (CacheNotFoundException goneMeanwhile) {
                // then there is nothing to decide any more
            } catch (CacheBackendException failure) {
                if (!connection.isOpen()) {
                    throw failure;
                }
                complete = false;
                log.warn("Cache {} could not be swept; the next sweep tries again", id, failure);
            }
        }

        private void decide(CacheId id, Answer seen, String lock) {
            Look look = storage.look(id, Instant.ofEpochMilli(seen.now()));
            Answer decided = connection.run(
                    RedisScript.DECIDE,
                    List.of(keys.epoch(), keys.cache(id), keys.index(root), keys.due(root)),
                    seen.epoch(),
                    lock,
                    look == Look.GONE ? "gone" : look.isLocked() ? "locked" : "free",
                    look.isLocked() ? LockStamp.fresh(DirectoryStorage.lockEnd(storage.metadata(id))) : "",
                    id,
                    storage.location(id),
                    root,
                    id.time().toEpochMilli());
            references += decided.number(0);
            locks += decided.number(1);
            if (decided.is("WIPE")) {
                directories += wipe.run(connection, root, List.of(id), decided.epoch());
            }
        }

        /** Before the epoch is old enough, an owner that lives may not have told so. */
        private void sweepPrepared(Answer rest) {
            List<String> owners = storage.preparers();
            if (owners.isEmpty() || rest.now() < rest.ripe()) {
                return;
            }
            Answer dead = connection.run(RedisScript.DEAD, List.of(keys.epoch()), owners.toArray());
            // nor after Redis has forgotten their leases just now
            if (dead.epoch().equals(rest.epoch())) {
                dead.texts().forEach(storage::removePrepared);
            }
        }
    }
}
