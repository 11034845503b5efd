// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.nio.file.Path;
import java.util.Map;

/**
 * A store at one moment. Counts of what happened are of this process since it opened the store.
 *
 * @param name what people call it
 * @param root where it lies
 * @param index which index it has
 * @param bytes on the disk, of all processes, with what is being written
 * @param entries of all processes, with what is being written
 * @param processes how many have it open; none if not even this one has: then bytes and entries are 0, since they are
 *     not known
 * @param freeBytes of the disk
 * @param evictions by their causes
 * @param rejected how many entries were not stored because there was no room
 * @param isIndexComplete whether it lists all entries but those; not while it is made anew
 * @param unlisted how many changes the index does not know yet
 */
public record StoreStatus(
        String name,
        Path root,
        String index,
        EvictionPolicy policy,
        StoreLimits limits,
        long bytes,
        long entries,
        int processes,
        long freeBytes,
        long hits,
        long misses,
        long puts,
        long loads,
        long rejected,
        long unlisted,
        boolean isIndexComplete,
        Map<EvictionCause, Long> evictions) {

    /** Whether this process has opened the store. */
    public boolean isOpen() {
        return processes > 0;
    }
}
