// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one at a time load an entry. The threads of a process agree in its memory, and the one that is chosen agrees
 * with the other processes on the board, by the algorithm that is told in {@link Stripes}; a process that dies is found
 * out by those that wait for it.
 */
final class Loads {

    private final Board board;
    private final Gate gate;
    private final Duration patience;
    private final Map<EntryHash, Load> loads = new ConcurrentHashMap<>();
    private final BitSet places = new BitSet();

    Loads(Board board, Gate gate, Duration patience) {
        this.board = board;
        this.gate = gate;
        this.patience = patience;
    }

    /** A load of this process. */
    static final class Load {

        private final Thread thread = Thread.currentThread();
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile @Nullable StoredValue result;

        /** What those get who wait, if it was not stored. */
        void share(StoredValue value) {
            result = value;
        }
    }

    @FunctionalInterface
    interface Action {
        Entry run(Load load) throws Exception;
    }

    /**
     * Loads an entry, or waits until somebody else has.
     *
     * @param present is asked whenever somebody else may have loaded it; null if it is not there
     */
    Entry load(EntryHash hash, Supplier<@Nullable Entry> present, Action action) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Load own = new Load();
            Load other = loads.putIfAbsent(hash, own);
            if (other == null) {
                try {
                    return first(hash, end, present, own, action);
                } finally {
                    boolean unused = loads.remove(hash, own);
                    own.done.countDown();
                }
            }
            if (other.thread.equals(Thread.currentThread())) {
                throw new IllegalStateException("The loader of an entry asks for this very entry");
            }
            boolean isOver = other.done.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            StoredValue shared = other.result;
            Entry found = shared == null ? present.get() : shared;
            if (found != null) {
                return found;
            }
            if (!isOver) {
                return action.run(own);
            }
        }
    }

    private Entry first(EntryHash hash, long end, Supplier<@Nullable Entry> present, Load own, Action action)
            throws Exception {
        int place = take();
        if (place < 0) {
            return action.run(own);
        }
        try {
            boolean isAlone = enter(place, hash.prefix(), end);
            Entry found = isAlone ? present.get() : null;
            return found == null ? action.run(own) : found;
        } finally {
            say(place, 0);
            give(place);
        }
    }

    /** Not once the store is closed: this process has no place on the board any more. */
    private void say(int place, long prefix) {
        if (gate.tryEnter()) {
            board.own().setLoad(place, prefix);
            gate.leave();
        }
    }

    private synchronized int take() {
        int place = places.nextClearBit(0);
        if (place >= Slot.LOADS) {
            return -1;
        }
        places.set(place);
        return place;
    }

    private synchronized void give(int place) {
        places.clear(place);
    }

    /** @return false if it took too long */
    private boolean enter(int place, long prefix, long end) throws IOException, InterruptedException {
        int own = board.ownNumber();
        while (true) {
            say(place, prefix);
            int before = firstLoading(prefix, own);
            if (before < 0) {
                break;
            }
            say(place, 0);
            if (!await(before, prefix, end)) {
                return false;
            }
        }
        for (int other = own + 1; other < board.used(); other++) {
            if (!await(other, prefix, end)) {
                return false;
            }
        }
        return true;
    }

    private int firstLoading(long prefix, int to) {
        for (int number = 0; number < to; number++) {
            if (board.slot(number).loads(prefix)) {
                return number;
            }
        }
        return -1;
    }

    private boolean await(int number, long prefix, long end) throws IOException, InterruptedException {
        Slot other = board.slot(number);
        return board.await(() -> other.loads(prefix), end);
    }
}
