// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.s3.OwnClock.Moment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What this process references, and what it is just working on. A state that names this owner for anything else is a
 * mistake, made by a request of which nobody knows how it ended, and is corrected.
 */
final class Claims {

    /** When the state of each was last seen to name this owner. */
    private final Map<CacheId, Moment> held = new ConcurrentHashMap<>();

    private final Map<CacheId, Integer> busy = new ConcurrentHashMap<>();
    private final ReentrantLock correcting = new ReentrantLock();
    private volatile @Nullable CacheId corrected;

    boolean contains(CacheId id) {
        return held.containsKey(id);
    }

    @Nullable Moment seen(CacheId id) {
        return held.get(id);
    }

    void add(CacheId id, Moment seen) {
        held.put(id, seen);
    }

    /** It was seen again to be as it should be, unless something happened to it meanwhile. */
    void confirm(CacheId id, Moment before, Moment now) {
        held.replace(id, before, now);
    }

    boolean remove(CacheId id) {
        return held.remove(id) != null;
    }

    /** Removes it, unless something happened to it since it was seen. */
    boolean remove(CacheId id, Moment seen) {
        return held.remove(id, seen);
    }

    /** Forgets all, and tells what that was. */
    List<CacheId> clear() {
        List<CacheId> all = List.copyOf(held.keySet());
        held.keySet().removeAll(all);
        return all;
    }

    /** From here on {@link #correct} leaves this id alone. */
    @SuppressWarnings("LockNotBeforeTry") // nothing is done with it: it is waited for whoever corrects this id
    void begin(CacheId id) {
        busy.merge(id, 1, Integer::sum);
        if (id.equals(corrected)) {
            correcting.lock();
            try {
                // the correction of this id is over
            } finally {
                correcting.unlock();
            }
        }
    }

    void end(CacheId id) {
        busy.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Drops a reference by mistake. Whoever wants one on the same id waits meanwhile. */
    void correct(CacheId id, Runnable drop) {
        correcting.lock();
        try {
            corrected = id;
            if (!held.containsKey(id) && !busy.containsKey(id)) {
                drop.run();
            }
        } finally {
            corrected = null;
            correcting.unlock();
        }
    }
}
