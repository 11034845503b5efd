// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Estimates how often something was seen lately, in four bits for each of many more things than it has counters: a
 * count-min sketch (Cormode and Muthukrishnan, 2005) whose counters are halved now and then. Counts that are lost when
 * threads meet do not matter.
 */
final class FrequencySketch {

    private static final int ROWS = 4;
    private static final int COUNTERS_A_WORD = 16;
    private static final int BITS = 4;
    private static final long MOST = 15;
    private static final long HALVED = 0x7777_7777_7777_7777L;
    private static final int SAMPLE_FACTOR = 10;
    private static final long[] SEEDS = {
        0x9e37_79b9_7f4a_7c15L, 0xc2b2_ae3d_27d4_eb4fL, 0x1656_67b1_9e37_79f9L, 0xd6e8_feb8_6659_fd93L
    };

    private final AtomicLongArray table;
    private final int sample;
    private int seen;

    /** @param counters a power of two, 64 or more; about as many as there are things to tell apart */
    FrequencySketch(int counters) {
        this.table = new AtomicLongArray(ROWS * counters / COUNTERS_A_WORD);
        this.sample = SAMPLE_FACTOR * counters;
    }

    /** 0 to 15. */
    int frequency(long hash) {
        long least = MOST;
        for (int row = 0; row < ROWS; row++) {
            long place = place(hash, row);
            least = Math.min(least, table.get(word(place)) >>> shift(place) & MOST);
        }
        return (int) least;
    }

    void increment(long hash) {
        for (int row = 0; row < ROWS; row++) {
            long place = place(hash, row);
            long word = table.get(word(place));
            if ((word >>> shift(place) & MOST) < MOST) {
                table.lazySet(word(place), word + (1L << shift(place)));
            }
        }
        if (++seen >= sample) {
            seen = sample / 2;
            for (int word = 0; word < table.length(); word++) {
                table.lazySet(word, table.get(word) >>> 1 & HALVED);
            }
        }
    }

    /** The number of a counter; each row has its own. */
    private long place(long hash, int row) {
        long mixed = (hash ^ hash >>> 32) * SEEDS[row];
        long counters = (long) table.length() * COUNTERS_A_WORD / ROWS;
        return row * counters + ((mixed ^ mixed >>> 29) & (counters - 1));
    }

    private static int word(long place) {
        return (int) (place / COUNTERS_A_WORD);
    }

    private static int shift(long place) {
        return (int) (place % COUNTERS_A_WORD) * BITS;
    }
}
