// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.store.EvictionCause;
import io.monolithcache.store.StoreStatus;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One store as an answer shows it. What is null is left out of the JSON. Counts of what happened are of this process.
 *
 * @param inUse whether this process has opened it; if not, it is not known what it takes
 * @param sizeInBytes on the disk, of all processes
 * @param entries of all processes
 * @param fill how much of its limits is taken, from 0 to 1; of size and entries the fuller one
 * @param processes how many have it open
 * @param evictions by their causes, those that there were
 * @param rejected how many entries were not stored because there was no room
 * @param unlisted how many changes its index does not know yet
 * @param indexComplete whether the index lists all but those; not while it is made anew
 */
public record CacheStoreDescriptor(
        String name,
        URI location,
        boolean inUse,
        String index,
        String eviction,
        CacheStoreLimitsDescriptor limits,
        long freeInBytes,
        @Nullable Long sizeInBytes,
        @Nullable Long entries,
        @Nullable Double fill,
        @Nullable Integer processes,
        long hits,
        long misses,
        long puts,
        long loads,
        long rejected,
        Map<String, Long> evictions,
        @Nullable Long unlisted,
        @Nullable Boolean indexComplete)
        implements OperationResponseBody {

    static CacheStoreDescriptor of(String name, StoreStatus status) {
        boolean inUse = status.isOpen();
        return new CacheStoreDescriptor(
                name,
                status.root().toUri(),
                inUse,
                status.index(),
                word(status.policy()),
                CacheStoreLimitsDescriptor.of(status.limits()),
                status.freeBytes(),
                inUse ? status.bytes() : null,
                inUse ? status.entries() : null,
                inUse ? StoreFill.of(status) : null,
                inUse ? status.processes() : null,
                status.hits(),
                status.misses(),
                status.puts(),
                status.loads(),
                status.rejected(),
                happened(status.evictions()),
                inUse ? status.unlisted() : null,
                inUse ? status.isIndexComplete() : null);
    }

    private static Map<String, Long> happened(Map<EvictionCause, Long> counts) {
        Map<String, Long> evictions = new TreeMap<>();
        counts.forEach((cause, count) -> {
            if (count > 0) {
                evictions.put(word(cause), count);
            }
        });
        return evictions;
    }

    /** As properties have it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
