// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caches that a release left to be wiped. They are gone for everybody already; what is left of them goes in the
 * background, as many at once as have come together, with one question and one answer for all.
 */
final class ReleasedCaches {

    private static final Logger log = LoggerFactory.getLogger(ReleasedCaches.class);

    private static final int BATCH = 64;

    /** Decided over that connection, in that epoch. */
    private record Released(CacheId id, RedisConnection connection, String root, String epoch) {

        boolean goesWith(Released other) {
            return connection.equals(other.connection) && epoch.equals(other.epoch);
        }
    }

    private final RedisWipe wipe;
    private final Executor background;
    private final Runnable leftover;
    private final Queue<Released> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean comes = new AtomicBoolean();

    /** @param leftover hears that one could not be wiped, and is the next sweep's */
    ReleasedCaches(RedisWipe wipe, Executor background, Runnable leftover) {
        this.wipe = wipe;
        this.background = background;
        this.leftover = leftover;
    }

    void add(Life life, CacheId id, String epoch) {
        waiting.add(new Released(id, life.connection(), life.root(), epoch));
        if (comes.compareAndSet(false, true)) {
            background.execute(this::wipeWaiting);
        }
    }

    private void wipeWaiting() {
        comes.set(false);
        Released next = waiting.poll();
        while (next != null) {
            Released first = next;
            List<CacheId> batch = new ArrayList<>(List.of(first.id()));
            for (next = waiting.poll();
                    next != null && next.goesWith(first) && batch.size() < BATCH;
                    next = waiting.poll()) {
                batch.add(next.id());
            }
            wipe(first, batch);
        }
    }

    private void wipe(Released first, List<CacheId> batch) {
        try {
            int unused = wipe.run(first.connection(), first.root(), batch, first.epoch());
        } catch (CacheBackendException failure) {
            leftover.run();
            log.warn(
                    "{} caches were released but could not be wiped; the next sweep tries again",
                    batch.size(),
                    failure);
        }
    }
}
