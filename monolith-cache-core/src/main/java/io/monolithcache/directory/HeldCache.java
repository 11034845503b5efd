// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A cache that this manager references, or is about to: the number of its handles, and the mutex that orders the
 * threads of this manager that work on its id. Only the first handle and the last touch the registry; the others change
 * a number.
 */
final class HeldCache {

    final CacheId id;

    /** Held for every step on this id that touches the registry. */
    final ReentrantLock mutex = new ReentrantLock();

    private final AtomicInteger handles = new AtomicInteger();

    /** Guarded by the mutex: nobody may use this object any more, because its last user has taken it off the map. */
    boolean retired;

    /** Changed with the mutex: the reference still stands in the registry, because its release could not be told. */
    volatile boolean untold;

    /** Guarded by the mutex: waits for the release that is being told; run before the next step on this id. */
    @Nullable Runnable ending;

    private volatile boolean lost;

    HeldCache(CacheId id) {
        this.id = id;
    }

    /** One more handle, if there is one already: without the mutex and without the registry. */
    boolean share() {
        int count = handles.get();
        while (count > 0) {
            if (handles.compareAndSet(count, count + 1)) {
                return true;
            }
            count = handles.get();
        }
        return false;
    }

    /** One handle less, unless it is the last. */
    boolean unshare() {
        int count = handles.get();
        while (count > 1) {
            if (handles.compareAndSet(count, count - 1)) {
                return true;
            }
            count = handles.get();
        }
        return false;
    }

    boolean isHeld() {
        return handles.get() > 0;
    }

    /** With the mutex: the first handle. */
    void hold() {
        handles.set(1);
    }

    /** With the mutex: one handle less, whatever others share meanwhile; true if it was the last. */
    boolean drop() {
        return handles.decrementAndGet() == 0;
    }

    /** With the mutex: no handle is left. */
    void letGo() {
        handles.set(0);
    }

    /** With the mutex: nobody needs to remember it any more. */
    boolean isOver() {
        return !isHeld() && !untold && ending == null;
    }

    boolean isLost() {
        return lost;
    }

    /** Marks the cache as lost, and returns false if that was known before. */
    synchronized boolean lose() {
        boolean news = !lost;
        lost = true;
        return news;
    }
}
