// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.SweepReport;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers how the last sweep of this process ended, and when. */
final class LastSweep implements CacheListener {

    private final Clock clock;
    private volatile @Nullable Outcome last;

    LastSweep(Clock clock) {
        this.clock = clock;
    }

    private record Outcome(
            Instant at, String outcome, @Nullable String reason) {}

    @Override
    public void swept(SweepReport report) {
        String skipped = report.skipped();
        last = new Outcome(clock.instant(), skipped == null ? "completed" : "skipped", skipped);
    }

    @Override
    public void sweepFailed(RuntimeException failure) {
        last = new Outcome(clock.instant(), "failed", failure.getMessage());
    }

    /** Null if there was none. */
    @Nullable Map<String, Object> details() {
        Outcome known = last;
        if (known == null) {
            return null;
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("at", known.at());
        details.put("outcome", known.outcome());
        if (known.reason() != null) {
            details.put("reason", known.reason());
        }
        return details;
    }
}
