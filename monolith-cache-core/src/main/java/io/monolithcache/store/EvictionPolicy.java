// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EvictionOrder;

/** Decides which entry goes when there is no room for another one. */
public enum EvictionPolicy {

    /** The one that was not read for the longest time. */
    LRU(EvictionOrder.READ),

    /** The one that was read the fewest times; of these, the one that was not read for the longest time. */
    LFU(EvictionOrder.HITS),

    /** The one that was written first. */
    FIFO(EvictionOrder.WRITTEN),

    /**
     * As {@link #LRU}, but a newcomer that leaves a window of the newest hundredth has to be read more often lately
     * than the one that would go for it, or goes itself. So a scan of what is read once does not drive out what is read
     * often. After Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache Admission Policy" (2017). What was
     * read lately is known to each process alone, and forgotten when it ends.
     */
    TINY_LFU(EvictionOrder.READ);

    private final EvictionOrder order;

    EvictionPolicy(EvictionOrder order) {
        this.order = order;
    }

    EvictionOrder order() {
        return order;
    }

    /** Whether reading an entry keeps it longer. */
    boolean heedsReads() {
        return this != FIFO;
    }
}
