// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

/**
 * How a file is cut into parts: S3 takes 10,000 of them, each up to 5 GiB, and 5 TiB in all.
 *
 * @param first the least size of a part
 */
record PartSizes(long first) {

    static final long LARGEST_FILE = 5L << 40;

    private static final int MOST_PARTS = 10_000;

    /** After so many parts of a stream, the next ones are twice as large: with parts of 8 MiB, 8 TiB in all. */
    private static final int GROWTH = 1_000;

    /**
     * The size of a part of a stream whose end is not known.
     *
     * @param number from 1 on
     */
    long ofStream(int number) {
        return first << ((number - 1) / GROWTH);
    }

    /** The size of all parts of a file but the last. */
    long ofFile(long length) {
        long least = (length + MOST_PARTS - 1) / MOST_PARTS;
        // the same multiple for files of about the same size
        return least <= first ? first : (least + first - 1) / first * first;
    }

    static int count(long length, long partSize) {
        return Math.toIntExact((length + partSize - 1) / partSize);
    }
}
