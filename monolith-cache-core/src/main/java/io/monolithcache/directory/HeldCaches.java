// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The caches that one manager references, by id. */
final class HeldCaches {

    private final ConcurrentHashMap<CacheId, HeldCache> caches = new ConcurrentHashMap<>();
    private final Listeners listeners;
    private final Consumer<HeldCache> awaitEnd;

    /** @param awaitEnd waits for the release of a cache that is being told, before anything else is done with it */
    HeldCaches(Listeners listeners, Consumer<HeldCache> awaitEnd) {
        this.listeners = listeners;
        this.awaitEnd = awaitEnd;
    }

    /** One more handle on a cache that is held, or null if it is not. */
    @Nullable HeldCache share(CacheId id) {
        HeldCache held = caches.get(id);
        return held != null && held.share() ? held : null;
    }

    /** What is known of an id that is held, or was until now. */
    @Nullable HeldCache find(CacheId id) {
        return caches.get(id);
    }

    /**
     * Runs a step on an id, alone among the threads of this manager; listeners hear of it when it is over. What the
     * step leaves without a handle, and without a release to be told later, is forgotten.
     */
    <T extends @Nullable Object> T alone(CacheId id, Function<HeldCache, T> step) {
        return listeners.holdingBack(() -> withMutex(id, step));
    }

    private <T extends @Nullable Object> T withMutex(CacheId id, Function<HeldCache, T> step) {
        while (true) {
            HeldCache held = caches.computeIfAbsent(id, HeldCache::new);
            held.mutex.lock();
            try {
                if (isReady(held)) {
                    try {
                        return step.apply(held);
                    } finally {
                        retireIfOver(held);
                    }
                }
            } finally {
                held.mutex.unlock();
            }
        }
    }

    /** False if it is retired, also only now, since its release has ended: then there has to be another one. */
    private boolean isReady(HeldCache held) {
        if (!held.retired && held.ending != null) {
            awaitEnd.accept(held);
            retireIfOver(held);
        }
        return !held.retired;
    }

    private void retireIfOver(HeldCache held) {
        if (held.isOver()) {
            held.retired = true;
            caches.remove(held.id, held);
        }
    }

    /** How many there are now; those that are just coming or going may be counted or not. */
    int size() {
        return (int) caches.values().stream().filter(HeldCache::isHeld).count();
    }

    List<HeldCache> all() {
        return List.copyOf(caches.values());
    }
}
