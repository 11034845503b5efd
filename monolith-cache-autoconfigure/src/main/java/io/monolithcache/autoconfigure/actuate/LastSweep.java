// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.SweepReport;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Remembers how the last sweep of this process ended, and when. */
final class LastSweep implements CacheListener {

    private final Clock clock;
    private final Map<String, Outcome> last = new ConcurrentSkipListMap<>();

    LastSweep(Clock clock) {
        this.clock = clock;
    }

    private record Outcome(
            Instant at, String outcome, @Nullable String reason) {

        Map<String, Object> details() {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("at", at);
            details.put("outcome", outcome);
            if (reason != null) {
                details.put("reason", reason);
            }
            return details;
        }
    }

    @Override
    public void swept(String storage, SweepReport report) {
        String skipped = report.skipped();
        last.put(storage, new Outcome(clock.instant(), skipped == null ? "completed" : "skipped", skipped));
    }

    @Override
    public void sweepFailed(String storage, RuntimeException failure) {
        last.put(storage, new Outcome(clock.instant(), "failed", failure.getMessage()));
    }

    /** Null if there was none. */
    @Nullable Map<String, Object> details(String storage) {
        Outcome known = last.get(storage);
        return known == null ? null : known.details();
    }
}
