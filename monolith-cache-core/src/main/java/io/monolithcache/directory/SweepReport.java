// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a sweep did.
 *
 * @param skipped why nothing was done, for instance because another sweep is under way; null when it ran
 * @param deadOwners owners whose process is gone
 * @param references references of dead owners that were dropped
 * @param locks locks whose time was up
 * @param directories caches that it wiped because nobody needed them any more, also one whose owner was closing it just
 *     then
 * @param trash entries of the trash that were deleted
 * @param duration how long it took
 */
public record SweepReport(
        @Nullable String skipped,
        int deadOwners,
        int references,
        int locks,
        int directories,
        int trash,
        Duration duration) {

    /** What two sweeps did; skipped if both were. */
    SweepReport and(SweepReport other) {
        return new SweepReport(
                skipped == null ? null : other.skipped,
                deadOwners + other.deadOwners,
                references + other.references,
                locks + other.locks,
                directories + other.directories,
                trash + other.trash,
                duration.plus(other.duration));
    }

    /** Nothing was done, for this reason. */
    public static SweepReport skipped(String reason) {
        return new SweepReport(reason, 0, 0, 0, 0, 0, Duration.ZERO);
    }
}
