// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Lets the threads of this process in until it is shut, and then waits for those that are in. */
final class Gate {

    private static final int SHUT = 1 << 31;
    private static final long PAUSE = 100_000;

    private final AtomicInteger state = new AtomicInteger();
    private final String what;

    Gate(String what) {
        this.what = what;
    }

    /** Whoever gets in has to {@link #leave}. */
    boolean tryEnter() {
        if (state.incrementAndGet() < 0) {
            leave();
            return false;
        }
        return true;
    }

    /** @throws IllegalStateException if it is shut */
    void enter() {
        if (!tryEnter()) {
            throw shutAlready();
        }
    }

    /** @throws IllegalStateException if it is shut */
    void check() {
        if (state.get() < 0) {
            throw shutAlready();
        }
    }

    private IllegalStateException shutAlready() {
        return new IllegalStateException(what + " is closed");
    }

    void leave() {
        int unused = state.decrementAndGet();
    }

    /**
     * Lets nobody in any more.
     *
     * @return whether this call has; when it returns, nobody is in
     */
    boolean shut() {
        boolean isFirst = (state.getAndUpdate(before -> before | SHUT) & SHUT) == 0;
        boolean interrupted = false;
        while (state.get() != SHUT) {
            interrupted |= Thread.interrupted();
            LockSupport.parkNanos(PAUSE);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return isFirst;
    }
}
