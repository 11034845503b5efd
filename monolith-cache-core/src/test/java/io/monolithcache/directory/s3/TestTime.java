// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** The time of a bucket and of all processes that use it; it passes when a test says so. */
final class TestTime extends Clock {

    private static final Instant BEGIN = Instant.parse("2026-12-01T10:00:00Z");

    private final AtomicLong passed = new AtomicLong();

    void pass(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    OwnClock ownClock() {
        return new OwnClock(passed::get, passed::get);
    }

    @Override
    public Instant instant() {
        return BEGIN.plusNanos(passed.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
