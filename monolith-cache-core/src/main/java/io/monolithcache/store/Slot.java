// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.nio.charset.StandardCharsets;

/**
 * What one process says to the others, in its part of the shared memory. Only the owner writes to it, or who cleans up
 * after an owner that is dead; so what is there after a kill is what was there before.
 *
 * <pre>
 *     0  name of the owner, 64 bytes; zero: nobody's
 *    64  epoch, the number of changes that are settled
 *    72  bytes and entries that are settled, of an even epoch and of an odd one
 *   104  which intents are open, one bit each
 *   112  since when there are changes that the index does not know
 *   128  intents, 64 bytes each: hash (32), bytes claimed, bytes before, entries claimed and before, epoch that ends it
 *  4224  pins, 2,048 counters by hash
 * 12416  loads, 64 beginnings of hashes
 * 12928  stripes, 512 flags by hash, and more for other purposes
 * </pre>
 *
 * <p>A change is an intent first. It is settled by one write, that of the epoch: with it the other pair of numbers
 * counts, and the intent does not any more. So a reader sees a change wholly or not at all, and whoever finds the owner
 * dead looks at the disk to learn how each open intent ended.
 */
final class Slot {

    static final int SIZE = 16_384;
    static final int INTENTS = Long.SIZE;
    static final int PINS = 2_048;
    static final int LOADS = 64;
    static final int STRIPES = 512;

    /** The stripes of entries; those behind them are for other purposes. */
    static final int ENTRY_STRIPES = 256;

    private static final int NAME_SIZE = 64;
    private static final int EPOCH = 64;
    private static final int BYTES = 72;
    private static final int ENTRIES = 88;
    private static final int OPEN = 104;
    private static final int DIRTY = 112;
    private static final int FIRST_INTENT = 128;
    private static final int INTENT_SIZE = 64;
    private static final int FIRST_PIN = FIRST_INTENT + INTENTS * INTENT_SIZE;
    private static final int FIRST_LOAD = FIRST_PIN + PINS * Integer.BYTES;
    private static final int FIRST_STRIPE = FIRST_LOAD + LOADS * Long.BYTES;

    private static final int CLAIMED = EntryHash.BYTES;
    private static final int BEFORE = CLAIMED + Long.BYTES;
    private static final int CLAIMED_ENTRIES = BEFORE + Long.BYTES;
    private static final int BEFORE_ENTRIES = CLAIMED_ENTRIES + Integer.BYTES;
    private static final int ENDS = BEFORE_ENTRIES + Integer.BYTES;

    private static final long NOT_BEGUN = -1;
    private static final long NEVER = Long.MAX_VALUE;

    private final SharedMemory memory;
    private final int start;

    Slot(SharedMemory memory, int start) {
        this.memory = memory;
        this.start = start;
    }

    /** Empty if it is nobody's. */
    String owner() {
        byte[] name = memory.getBytes(start, NAME_SIZE);
        int length = 0;
        while (length < NAME_SIZE && name[length] != 0) {
            length++;
        }
        return new String(name, 0, length, StandardCharsets.US_ASCII);
    }

    void setOwner(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        memory.clear(start, NAME_SIZE);
        memory.setBytes(start, bytes);
    }

    /** Of a slot whose intents are all over. */
    void clear() {
        setDirtySince(0);
        memory.clear(start + FIRST_PIN, SIZE - FIRST_PIN);
        setOwner("");
    }

    /** What this owner has added, less what it has removed, so that it may be negative; with all that it claims. */
    Usage usage() {
        while (true) {
            long epoch = epoch();
            long bytes = memory.getLong(settled(BYTES, epoch));
            long entries = memory.getLong(settled(ENTRIES, epoch));
            for (long open = memory.getLong(start + OPEN); open != 0; open &= open - 1) {
                int intent = intent(Long.numberOfTrailingZeros(open));
                if (memory.getLong(intent + ENDS) > epoch) {
                    bytes += memory.getLong(intent + CLAIMED);
                    entries += memory.getInt(intent + CLAIMED_ENTRIES);
                }
            }
            if (epoch == epoch()) {
                return new Usage(bytes, entries);
            }
        }
    }

    private long epoch() {
        return memory.getLong(start + EPOCH);
    }

    private int settled(int what, long epoch) {
        return start + what + (int) (epoch & 1) * Long.BYTES;
    }

    private int intent(int number) {
        return start + FIRST_INTENT + number * INTENT_SIZE;
    }

    /**
     * Begins a change that adds at most so much; from now on it counts.
     *
     * @return the number of the intent, of which there are {@link #INTENTS} at most
     */
    synchronized int open(long bytes, int entries) {
        long open = memory.getLong(start + OPEN);
        if (open == -1) {
            throw new IllegalStateException(INTENTS + " changes are under way");
        }
        int number = Long.numberOfTrailingZeros(~open);
        int intent = intent(number);
        memory.setLong(intent + CLAIMED, bytes);
        memory.setInt(intent + CLAIMED_ENTRIES, entries);
        memory.setLong(intent + BEFORE, NOT_BEGUN);
        memory.setInt(intent + BEFORE_ENTRIES, 0);
        memory.setLong(intent + ENDS, NEVER);
        memory.setLong(start + OPEN, open | 1L << number);
        return number;
    }

    void claim(int number, long bytes, int entries) {
        memory.setInt(intent(number) + CLAIMED_ENTRIES, entries);
        memory.setLong(intent(number) + CLAIMED, bytes);
    }

    /** What is on the disk of that entry is about to be changed. */
    void begin(int number, EntryHash hash, Usage before) {
        int intent = intent(number);
        memory.setBytes(intent, hash.bytes());
        memory.setInt(intent + BEFORE_ENTRIES, (int) before.entries());
        memory.setLong(intent + BEFORE, before.bytes());
    }

    /** The disk is as it is to be. */
    void settle(int number, Usage now) {
        int intent = intent(number);
        long before = memory.getLong(intent + BEFORE);
        settle(number, now.bytes() - before, now.entries() - memory.getInt(intent + BEFORE_ENTRIES));
    }

    /** The disk was not changed. */
    void drop(int number) {
        settle(number, 0, 0);
    }

    private synchronized void settle(int number, long bytes, long entries) {
        long epoch = epoch();
        long next = epoch + 1;
        memory.setLong(settled(BYTES, next), memory.getLong(settled(BYTES, epoch)) + bytes);
        memory.setLong(settled(ENTRIES, next), memory.getLong(settled(ENTRIES, epoch)) + entries);
        if (number >= 0) {
            memory.setLong(intent(number) + ENDS, next);
        }
        memory.setLong(start + EPOCH, next);
        if (number >= 0) {
            memory.setLong(start + OPEN, memory.getLong(start + OPEN) & ~(1L << number));
        }
    }

    /** Counts this and nothing else. */
    void count(Usage counted) {
        Usage before = usage();
        settle(-1, counted.bytes() - before.bytes(), counted.entries() - before.entries());
    }

    /** When its owner began to change what the index does not know; 0 if there is nothing. */
    long dirtySince() {
        return memory.getLong(start + DIRTY);
    }

    void setDirtySince(long time) {
        memory.setLong(start + DIRTY, time);
    }

    /** What an owner that is dead was about to do. */
    interface Disk {
        Usage of(EntryHash hash);
    }

    /**
     * Settles what an owner left open that is dead. May be done again, by another one, if it is not done to the end.
     */
    void settleAll(Disk disk) {
        for (long open = memory.getLong(start + OPEN); open != 0; open &= open - 1) {
            int number = Long.numberOfTrailingZeros(open);
            int intent = intent(number);
            if (memory.getLong(intent + ENDS) <= epoch()) {
                memory.setLong(start + OPEN, memory.getLong(start + OPEN) & ~(1L << number));
            } else if (memory.getLong(intent + BEFORE) == NOT_BEGUN) {
                drop(number);
            } else {
                EntryHash hash = EntryHash.of(memory.getBytes(intent, EntryHash.BYTES));
                settle(number, disk.of(hash));
            }
        }
    }

    boolean isBusy() {
        return memory.getLong(start + OPEN) != 0 || dirtySince() != 0;
    }

    int pin(EntryHash hash, int more) {
        return memory.addInt(start + FIRST_PIN + hash.spread(PINS) * Integer.BYTES, more);
    }

    boolean isPinned(EntryHash hash) {
        return memory.getInt(start + FIRST_PIN + hash.spread(PINS) * Integer.BYTES) != 0;
    }

    /** A flag that others wait for. */
    void raise(int stripe, boolean up) {
        memory.setInt(start + FIRST_STRIPE + stripe * Integer.BYTES, up ? 1 : 0);
    }

    boolean isRaised(int stripe) {
        return memory.getInt(start + FIRST_STRIPE + stripe * Integer.BYTES) != 0;
    }

    long load(int number) {
        return memory.getLong(start + FIRST_LOAD + number * Long.BYTES);
    }

    void setLoad(int number, long prefix) {
        memory.setLong(start + FIRST_LOAD + number * Long.BYTES, prefix);
    }

    boolean loads(long prefix) {
        for (int number = 0; number < LOADS; number++) {
            if (load(number) == prefix) {
                return true;
            }
        }
        return false;
    }
}
