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

    private LockStamp() {}

    static String fresh(@Nullable Instant until) {
        String random = UUID.randomUUID().toString();
        return until == null ? random : random + "|" + until.toEpochMilli();
    }

    /** The end of a lock; null if it has none. */
    static @Nullable Instant end(String stamp) {
        int bar = stamp.indexOf('|');
        return bar < 0 ? null : Instant.ofEpochMilli(Long.parseLong(stamp.substring(bar + 1)));
    }
}
