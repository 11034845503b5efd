// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;

/**
 * Counts the changes of entries, in the memory that all processes share, so that each can tell without a system call
 * whether what it remembers of an entry still holds. Entries whose hashes meet share a counter, which only makes it
 * forget more.
 */
final class Versions {

    static final int SIZE = 1 << 18;

    private static final int COUNTERS = SIZE / Integer.BYTES;

    private final SharedMemory memory;
    private final int start;

    Versions(SharedMemory memory, int start) {
        this.memory = memory;
        this.start = start;
    }

    int of(EntryHash hash) {
        return memory.getInt(position(hash));
    }

    /**
     * An entry was changed.
     *
     * @return the version from now on
     */
    int changed(EntryHash hash) {
        return memory.addInt(position(hash), 1);
    }

    private int position(EntryHash hash) {
        return start + hash.spread(COUNTERS) * Integer.BYTES;
    }
}
