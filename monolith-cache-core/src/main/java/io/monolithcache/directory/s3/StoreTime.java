// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.s3.OwnClock.Moment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The time by which locks end. Their end is given by the clock of whoever locks, kept by that of the store, and has
 * come when the store says so: clocks of the others that are wrong do not matter. The store tells the time to the
 * second; what two clocks usually differ by is let go.
 *
 * @param own the clock by which the ends of locks are given
 * @param elapsed tells how long an answer took
 */
record StoreTime(Clock own, OwnClock elapsed) {

    private static final Duration ORDINARY_SKEW = Duration.ofSeconds(2);

    /** Now, as the store would tell it, who has just answered at that time. */
    Instant now(Instant answered) {
        return own.instant().plus(skew(answered));
    }

    /**
     * An own time by the clock of the store. The store answered at some time since it was asked, and an answer that
     * came late is not taken for a clock that is behind: a lock would end before its time.
     */
    Instant ofStore(Instant time, Moment asked, Instant answered) {
        Instant now = own.instant();
        Duration atLeast = Duration.between(now, answered);
        Duration atMost = atLeast.plus(elapsed.since(asked));
        if (atLeast.compareTo(ORDINARY_SKEW) >= 0) {
            return time.plus(atLeast);
        }
        return atMost.compareTo(ORDINARY_SKEW.negated()) <= 0 ? time.plus(atMost) : time;
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
