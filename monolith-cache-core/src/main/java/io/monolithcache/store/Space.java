// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Gives room to what is about to be written, and keeps the limits: a claim counts before it is compared with them, so
 * of two that do not fit together at least one sees it; and nothing is written before its claim was found to fit.
 */
final class Space {

    /** One is left for evictions, which make room for the others. */
    private static final int WRITERS = Slot.INTENTS - 1;

    private static final long LEAST_FREED = 1 << 20;
    private static final long SHARE_FREED = 64;
    private static final long PATIENCE = 2_000_000_000L;
    private static final long LONGEST_PAUSE = 10_000_000L;

    private final Path root;
    private final Board board;
    private final EntryFiles files;
    private final StoreLimits limits;
    private final Evictor evictor;
    private final FileStore disk;
    private final Semaphore writers = new Semaphore(WRITERS);

    Space(Path root, Board board, EntryFiles files, StoreLimits limits, Evictor evictor) throws IOException {
        this.root = root;
        this.board = board;
        this.files = files;
        this.limits = limits;
        this.evictor = evictor;
        this.disk = Files.getFileStore(root);
    }

    long free() throws IOException {
        return disk.getUsableSpace();
    }

    /**
     * A claim on nothing yet, for a change of an entry.
     *
     * @param what for messages
     */
    Claim claim(String what) {
        writers.acquireUninterruptibly();
        return new Claim(what);
    }

    /** What a writer may take. Of one thread. */
    final class Claim implements AutoCloseable {

        private final String what;
        private final int intent;
        private long claimed;
        private boolean isOpen = true;

        private Claim(String what) {
            this.what = what;
            this.intent = board.own().open(0, 0);
        }

        /**
         * Makes room, by evicting others if need be.
         *
         * @param length all that is to be written to the file of the entry, with what is written already
         * @throws EntryTooLargeException if it can never fit
         * @throws StoreFullException if it does not fit now
         */
        void raise(long length) throws IOException {
            long bytes = files.blocks(length);
            if (bytes <= claimed && length > 0) {
                return;
            }
            if (bytes > limits.size()) {
                throw new EntryTooLargeException(what, bytes, limits.size());
            }
            long held = claimed;
            long start = System.nanoTime();
            board.own().claim(intent, bytes, 1);
            for (EvictionCause lack = lack(bytes - held); lack != null; lack = lack(bytes - held)) {
                if (!evictor.makeRoom(lack, bytes - held, this::lack)) {
                    // room for others, who may be as near to it
                    board.own().claim(intent, held, held == 0 ? 0 : 1);
                    if (System.nanoTime() - start > PATIENCE || !isToChange()) {
                        throw new StoreFullException(full(bytes, lack), null);
                    }
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE));
                    board.own().claim(intent, bytes, 1);
                }
            }
            claimed = bytes;
        }

        private @Nullable EvictionCause lack(long more) throws IOException {
            Usage all = board.usage();
            if (all.bytes() > limits.size()) {
                return EvictionCause.SIZE;
            }
            if (all.entries() > limits.entries()) {
                return EvictionCause.ENTRIES;
            }
            return limits.keepFree() > 0 && free() - more < limits.keepFree() ? EvictionCause.SPACE : null;
        }

        /** Whether waiting may help: somebody writes, or has written what this process cannot see yet. */
        private boolean isToChange() {
            return board.isBusyElsewhere() || writers.availablePermits() < WRITERS - 1;
        }

        private String full(long bytes, EvictionCause lack) {
            return "There is no room for " + what + " (" + bytes + " bytes) in the store " + root
                    + ", and what is there is locked, in use or being written"
                    + (lack == EvictionCause.SPACE ? "; the disk is to keep " + limits.keepFree() + " bytes free" : "");
        }

        /** What is on the disk of that entry is about to be changed. */
        void begin(EntryHash hash, Usage before) {
            board.own().begin(intent, hash, before);
        }

        /** The disk is as it is to be. */
        void settle(Usage now) {
            isOpen = false;
            board.own().settle(intent, now);
            writers.release();
        }

        /** If it was not settled, nothing was changed. */
        @Override
        public void close() {
            if (isOpen) {
                isOpen = false;
                board.own().drop(intent);
                writers.release();
            }
        }
    }

    /**
     * Gives space back to a disk that turned out to be full.
     *
     * @return whether anything went
     */
    boolean makeFree() throws IOException {
        Usage before = board.usage();
        long target = before.bytes() - Math.max(LEAST_FREED, before.bytes() / SHARE_FREED);
        return evictor.makeRoom(
                EvictionCause.SPACE, 0, more -> board.usage().bytes() > target ? EvictionCause.SPACE : null);
    }
}
