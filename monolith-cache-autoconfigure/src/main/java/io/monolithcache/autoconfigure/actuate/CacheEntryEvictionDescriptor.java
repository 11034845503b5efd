// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.store.EvictionReport;
import java.util.List;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What went from a store, or would go.
 *
 * @param dryRun whether nothing was removed
 * @param entries how many
 * @param sizeInBytes what they took on the disk
 * @param kept how many were asked for and stay: they are locked, or in use
 * @param first up to a hundred of those that went
 */
public record CacheEntryEvictionDescriptor(
        boolean dryRun, long entries, long sizeInBytes, long kept, List<CacheEntryDescriptor> first)
        implements OperationResponseBody {

    static CacheEntryEvictionDescriptor of(EvictionReport report, ValueMask mask) {
        return new CacheEntryEvictionDescriptor(
                report.isDryRun(),
                report.entries(),
                report.bytes(),
                report.kept(),
                report.first().stream()
                        .map(entry -> CacheEntryDescriptor.of(entry, mask))
                        .toList());
    }
}
