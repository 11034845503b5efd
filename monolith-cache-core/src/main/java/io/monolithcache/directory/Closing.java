// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a manager: releases what it still holds, and leaves to the next sweep what cannot be told. */
final class Closing {

    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private final HeldCaches held;
    private final ReferenceRegistry registry;
    private final Consumer<HeldCache> release;

    /** @param release tells the registry of a release, or begins to, with the mutex of the cache */
    Closing(HeldCaches held, ReferenceRegistry registry, Consumer<HeldCache> release) {
        this.held = held;
        this.registry = registry;
        this.release = release;
    }

    /** @param parts of the manager, in the order in which they end */
    void run(AutoCloseable... parts) {
        releaseAll(held.all().iterator());
        held.all().forEach(cache -> quietly(() -> held.alone(cache.id, this::leave)));
        for (AutoCloseable part : parts) {
            quietly(part::close);
        }
    }

    /** Many at once; and if the registry cannot be reached, that is waited for once and not once for each. */
    private void releaseAll(Iterator<HeldCache> all) {
        boolean reachable = true;
        while (all.hasNext() && reachable) {
            List<HeldCache> begun = new ArrayList<>();
            while (all.hasNext() && reachable && begun.size() < Releases.MOST_ON_THEIR_WAY) {
                HeldCache cache = all.next();
                begun.add(cache);
                quietly(() -> held.alone(cache.id, this::letGo));
                reachable = isReachable(cache);
            }
            for (HeldCache cache : begun) {
                // whatever works on an id waits for the release that was begun
                quietly(() -> held.alone(cache.id, current -> current));
                reachable = reachable && isReachable(cache);
            }
        }
    }

    private HeldCache letGo(HeldCache cache) {
        if (cache.isHeld() || cache.untold) {
            cache.letGo();
            release.accept(cache);
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

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /**
     * A disk that fails does not make closing fail: what is left is the sweep's, once this owner is gone. Nor does a
     * class that is not there any more at the end of an application.
     */
    private static void quietly(Step step) {
        try {
            step.run();
        } catch (Exception | LinkageError failure) {
            log.warn("A closed cache manager left something; the next sweep of another process removes it", failure);
        }
    }
}
