// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells how much time has passed for this process, by its own clocks alone. Two of them, because the monotonic one
 * stands still while the machine sleeps: the one that has gone further is believed.
 *
 * @param monotonic in nanoseconds
 * @param wall in nanoseconds
 */
record OwnClock(LongSupplier monotonic, LongSupplier wall) {

    /** When something began, by both clocks. */
    record Moment(long monotonic, long wall) {}

    static OwnClock ofTheSystem() {
        return new OwnClock(System::nanoTime, () -> System.currentTimeMillis() * 1_000_000);
    }

    Moment now() {
        return new Moment(monotonic.getAsLong(), wall.getAsLong());
    }

    Duration since(Moment start) {
        Moment now = now();
        return Duration.ofNanos(Math.max(now.monotonic() - start.monotonic(), now.wall() - start.wall()));
    }
}
