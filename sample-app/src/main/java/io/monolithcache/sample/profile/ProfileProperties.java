// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What the work on one request may take, a profile or a comparison.
 *
 * @param memoryLimit memory that DuckDB may use for it; what does not fit is spilled into the directory that it works
 *     in
 * @param threads threads that DuckDB may use for it
 * @param atOnce how many are worked on at the same time; further ones wait
 * @param timeLimit time that it may take
 */
@ConfigurationProperties("data-desk.profile")
record ProfileProperties(
        @DefaultValue("512MB") DataSize memoryLimit,
        @DefaultValue("2") int threads,
        @DefaultValue("2") int atOnce,
        @DefaultValue("10m") Duration timeLimit) {

    ProfileProperties {
        requirePositive(memoryLimit.toBytes(), "memory-limit");
        requirePositive(threads, "threads");
        requirePositive(atOnce, "at-once");
        requirePositive(timeLimit.toMillis(), "time-limit");
    }

    private static void requirePositive(long value, String property) {
        if (value <= 0) {
            throw new IllegalArgumentException("data-desk.profile." + property + " must be positive");
        }
    }
}
