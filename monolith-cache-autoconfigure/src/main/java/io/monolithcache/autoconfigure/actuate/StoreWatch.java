// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheException;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoreException;
import io.monolithcache.store.StoreStatus;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a store for its meters, which are read one after the other: they share one look, so that they tell of one
 * moment. Looking opens no store.
 */
final class StoreWatch {

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);
    private static final long SHARED_NANOS = Duration.ofMillis(500).toNanos();

    private final BoundedLook<StoreStatus> look;
    private final LongSupplier ticker;

    /** Guarded by this: what was seen last, and whether that is how it is. */
    private @Nullable StoreStatus last;

    private boolean isKnown;
    private long lookedAt;

    /** @param ticker nanoseconds, as of {@link System#nanoTime()} */
    StoreWatch(Store store, LongSupplier ticker) {
        this.look = new BoundedLook<>("store " + store.name(), store::status, LONGEST_LOOK);
        this.ticker = ticker;
        this.lookedAt = ticker.getAsLong() - SHARED_NANOS;
    }

    /** Null if it cannot be seen. */
    synchronized @Nullable StoreStatus now() {
        refresh();
        return isKnown ? last : null;
    }

    /** A count, which never goes back: what was seen last, if nothing can be seen now. */
    synchronized long count(ToLongFunction<StoreStatus> count) {
        refresh();
        return last == null ? 0 : count.applyAsLong(last);
    }

    private void refresh() {
        long now = ticker.getAsLong();
        if (now - lookedAt < SHARED_NANOS) {
            return;
        }
        try {
            last = look.get();
            isKnown = true;
        } catch (StoreException | CacheException | IllegalStateException unseen) {
            isKnown = false;
        }
        lookedAt = now;
    }
}
