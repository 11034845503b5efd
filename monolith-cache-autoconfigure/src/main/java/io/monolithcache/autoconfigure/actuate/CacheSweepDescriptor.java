// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.SweepReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What a sweep did, see {@link SweepReport}.
 *
 * @param skipped why nothing was done, if nothing was done
 */
public record CacheSweepDescriptor(
        @Nullable String skipped,
        int deadOwners,
        int references,
        int locks,
        int directories,
        int trash,
        Duration duration)
        implements OperationResponseBody {

    static CacheSweepDescriptor of(SweepReport report) {
        return new CacheSweepDescriptor(
                report.skipped(),
                report.deadOwners(),
                report.references(),
                report.locks(),
                report.directories(),
                report.trash(),
                report.duration());
    }
}
