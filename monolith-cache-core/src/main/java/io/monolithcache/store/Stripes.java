// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Locks on entries, for changes that are short, across threads and processes and without a system call. Entries whose
 * hashes meet share one. Among processes it is the one-bit algorithm of Burns and Lynch ("Mutual exclusion using
 * indivisible reads and writes", 1980): each raises a flag; with a flag before its own it takes its own down and waits,
 * and for those behind it waits with the flag up.
 */
final class Stripes {

    private static final int EVICTING = Slot.ENTRY_STRIPES;

    private final Board board;
    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(Slot.STRIPES).toArray(ReentrantLock[]::new);

    Stripes(Board board) {
        this.board = board;
    }

    /** What is done with a lock. */
    @FunctionalInterface
    interface Step<T extends @Nullable Object> {
        T run() throws IOException;
    }

    <T extends @Nullable Object> T locked(EntryHash hash, Step<T> step) throws IOException {
        return locked(hash.spread(Slot.ENTRY_STRIPES), step);
    }

    /** One at a time evicts, over all processes. */
    <T extends @Nullable Object> T evicting(Step<T> step) throws IOException {
        return locked(EVICTING, step);
    }

    private <T extends @Nullable Object> T locked(int stripe, Step<T> step) throws IOException {
        ReentrantLock lock = locks[stripe];
        lock.lock();
        try {
            if (lock.getHoldCount() > 1) {
                return step.run();
            }
            raise(stripe);
            try {
                return step.run();
            } finally {
                board.own().raise(stripe, false);
            }
        } finally {
            lock.unlock();
        }
    }

    private void raise(int stripe) throws IOException {
        int own = board.ownNumber();
        boolean alone = false;
        while (!alone) {
            board.own().raise(stripe, true);
            int before = firstRaised(stripe, 0, own);
            alone = before < 0;
            if (!alone) {
                board.own().raise(stripe, false);
                await(stripe, before);
            }
        }
        // whoever comes from here on sees the flag
        for (int other = own + 1; other < board.used(); other++) {
            await(stripe, other);
        }
    }

    private int firstRaised(int stripe, int from, int to) {
        for (int number = from; number < to; number++) {
            if (board.slot(number).isRaised(stripe)) {
                return number;
            }
        }
        return -1;
    }

    private void await(int stripe, int number) throws IOException {
        Slot other = board.slot(number);
        if (other.isRaised(stripe)) {
            board.await(() -> other.isRaised(stripe));
        }
    }

    /** Waits until nobody changes an entry who began to before now. */
    void pass(EntryHash hash) throws IOException {
        int stripe = hash.spread(Slot.ENTRY_STRIPES);
        for (int number = 0; number < board.used(); number++) {
            if (board.slot(number).isRaised(stripe)) {
                boolean unused = locked(hash, () -> true);
                return;
            }
        }
    }
}
