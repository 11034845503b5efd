// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

/**
 * What is taken of a store.
 *
 * @param bytes on the disk, in whole blocks
 */
record Usage(long bytes, long entries) {

    static final Usage NOTHING = new Usage(0, 0);

    Usage plus(Usage other) {
        return new Usage(bytes + other.bytes, entries + other.entries);
    }

    boolean isNothing() {
        return entries == 0;
    }
}
