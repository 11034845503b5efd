// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells whether this process may have lost its lease, by its own clocks alone. Two of them, because the monotonic one
 * stands still while the machine sleeps: the one that has gone further is believed.
 */
final class LeaseClock {

    /** When something began, by both clocks, in nanoseconds. */
    record Moment(long monotonic, long wall) {}

    private final long lease;
    private final LongSupplier monotonic;
    private final LongSupplier wall;
    private volatile Moment renewed;

    LeaseClock(Duration lease, LongSupplier monotonic, LongSupplier wall) {
        this.lease = lease.toNanos();
        this.monotonic = monotonic;
        this.wall = wall;
        this.renewed = now();
    }

    static LeaseClock ofTheSystem(Duration lease) {
        return new LeaseClock(lease, System::nanoTime, () -> System.currentTimeMillis() * 1_000_000);
    }

    Moment now() {
        return new Moment(monotonic.getAsLong(), wall.getAsLong());
    }

    /** A renewal that began then was answered. */
    void renewed(Moment start) {
        renewed = start;
    }

    /** Whether the others may take this process for dead. */
    boolean isDoubtful() {
        return age().toNanos() >= lease;
    }

    /** How long ago the last good renewal began. */
    Duration age() {
        return since(renewed);
    }

    /** Whether a lease or longer has passed since then. */
    boolean isTooLate(Moment start) {
        return since(start).toNanos() >= lease;
    }

    private Duration since(Moment start) {
        Moment now = now();
        return Duration.ofNanos(Math.max(now.monotonic() - start.monotonic(), now.wall() - start.wall()));
    }
}
