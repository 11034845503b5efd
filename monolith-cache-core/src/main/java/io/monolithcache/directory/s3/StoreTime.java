// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The time by which locks end. Their end is given by the clock of whoever locks, kept by that of the store, and has
 * come when the store says so: clocks of the others that are wrong do not matter. The store tells the time to the
 * second; what two clocks usually differ by is let go.
 *
 * @param own the clock by which the ends of locks are given
 */
record StoreTime(Clock own) {

    private static final Duration ORDINARY_SKEW = Duration.ofSeconds(2);

    /** Now, as the store would tell it, who has just answered at that time. */
    Instant now(Instant answered) {
        return own.instant().plus(skew(answered));
    }

    /** An own time by the clock of the store. */
    Instant ofStore(Instant time, Instant answered) {
        return time.plus(skew(answered));
    }

    /** A time of the store by the own clock. */
    Instant ofOwn(Instant time, Instant answered) {
        return time.minus(skew(answered));
    }

    /** By how much the store is ahead. */
    private Duration skew(Instant answered) {
        Duration skew = Duration.between(own.instant(), answered);
        return skew.abs().compareTo(ORDINARY_SKEW) < 0 ? Duration.ZERO : skew;
    }
}
