// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.time.Clock;
import java.time.Instant;

/** The time by the clock of Redis, as far as it can be told from that of a manager; measured with every heartbeat. */
final class RedisTime {

    /** What two clocks usually differ by is let go, in milliseconds. */
    private static final long ORDINARY_SKEW = 1_000;

    private final Clock clock;
    /** By how many milliseconds the clock of Redis is ahead. */
    private volatile long skew;

    RedisTime(Clock clock) {
        this.clock = clock;
    }

    /** An answer tells what time it was in Redis just now. */
    void measured(Answer answer) {
        skew = answer.now() - clock.millis();
    }

    /** A time of the manager's clock. */
    Instant of(Instant own) {
        return Math.abs(skew) < ORDINARY_SKEW ? own : own.plusMillis(skew);
    }

    Instant now() {
        return Instant.ofEpochMilli(clock.millis() + skew);
    }
}
