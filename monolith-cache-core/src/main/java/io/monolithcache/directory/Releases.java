// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the registry that this manager holds a cache no more. Whoever closes a handle need not wait until that is told:
 * it is awaited by the next who works on the same id, or in the background, for as many at once as have come together.
 * What could not be told is told later.
 */
final class Releases {

    private static final Logger log = LoggerFactory.getLogger(Releases.class);

    /** So many may be on their way; from here on whoever closes waits. */
    static final int MOST_ON_THEIR_WAY = 256;

    private final ReferenceRegistry registry;
    private final Executor background;
    private final Consumer<HeldCache> lost;
    private final Queue<HeldCache> begun = new ConcurrentLinkedQueue<>();
    private final AtomicInteger onTheirWay = new AtomicInteger();
    private final AtomicBoolean comes = new AtomicBoolean();

    /** @param lost hears that a cache was taken away before it was released */
    Releases(ReferenceRegistry registry, Executor background, Consumer<HeldCache> lost) {
        this.registry = registry;
        this.background = background;
        this.lost = lost;
    }

    /** With the mutex of the cache: tells it, and waits for that. */
    void tell(HeldCache cache) {
        boolean again = cache.untold;
        cache.untold = false;
        attempt(cache, again, () -> registry.release(cache.id));
    }

    /** With the mutex of the cache: begins to tell it; {@link #awaitInBackground} is to follow without the mutex. */
    void begin(HeldCache cache) {
        if (onTheirWay.get() >= MOST_ON_THEIR_WAY) {
            tell(cache);
            return;
        }
        boolean again = cache.untold;
        cache.untold = false;
        attempt(cache, again, () -> {
            ReferenceRegistry.Release release = registry.beginRelease(cache.id);
            if (release != null) {
                cache.ending = () -> attempt(cache, again, release::await);
                onTheirWay.incrementAndGet();
                begun.add(cache);
            }
        });
    }

    /** @param step is done soon, perhaps in this thread, with each that was begun; it calls {@link #awaitEnd} */
    void awaitInBackground(Consumer<HeldCache> step) {
        if (!begun.isEmpty() && comes.compareAndSet(false, true)) {
            background.execute(() -> {
                comes.set(false);
                for (HeldCache cache = begun.poll(); cache != null; cache = begun.poll()) {
                    step.accept(cache);
                }
            });
        }
    }

    /** With the mutex of the cache: waits for the end of what was begun, if anything was. */
    void awaitEnd(HeldCache cache) {
        Runnable ending = cache.ending;
        if (ending != null) {
            cache.ending = null;
            try {
                ending.run();
            } finally {
                onTheirWay.decrementAndGet();
            }
        }
    }

    private void attempt(HeldCache cache, boolean again, Runnable step) {
        try {
            step.run();
        } catch (CacheLostException gone) {
            // one that was tried before may have been told after all
            if (!again) {
                lost.accept(cache);
            }
        } catch (CacheBackendException failure) {
            cache.untold = true;
            log.warn("The release of cache {} could not be told; it is told later", cache.id, failure);
        }
    }
}
