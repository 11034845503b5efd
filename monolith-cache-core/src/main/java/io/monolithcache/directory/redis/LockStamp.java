// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A lock as the hash of a cache has it, {@code <random>} or {@code <random>|<end in ms>}. The random part tells one
 * lock from the next, so that a sweep does not take away one that was set while it looked.
 */
final class LockStamp {

    /** The last millisecond that a script can tell from the next, about 285,000 years from now. */
    private static final Instant LAST = Instant.ofEpochMilli(1L << 53);

    private LockStamp() {}

    static String fresh(@Nullable Instant until) {
        String random = UUID.randomUUID().toString();
        Instant end = reachable(until);
        return end == null ? random : random + "|" + end.toEpochMilli();
    }

    /** The end of a lock, or null: one that nobody will see is none. */
    static @Nullable Instant reachable(@Nullable Instant until) {
        return until == null || until.isAfter(LAST) ? null : until;
    }

    /** The end of a lock; null if it has none, or one that nobody will see. */
    static @Nullable Instant end(String stamp) {
        int bar = stamp.indexOf('|');
        return bar < 0 ? null : end(stamp, bar + 1);
    }

    /** Whatever a hash says here, a list is not broken by it. */
    private static @Nullable Instant end(String stamp, int from) {
        try {
            return reachable(Instant.ofEpochMilli(Long.parseLong(stamp, from, stamp.length(), 10)));
        } catch (NumberFormatException beyondTime) {
            return null;
        }
    }
}
