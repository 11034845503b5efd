// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.time.Instant;

/**
 * An incarnation that works.
 *
 * @param connection the one over which it has told what it holds
 * @param epoch the one in which it did
 * @param skew by how many milliseconds the clock of Redis is ahead of this process's
 */
record Life(Incarnation me, String root, RedisConnection connection, String epoch, long skew) {

    private static final long ORDINARY_SKEW = 1_000;

    /** What it is about to be when it recovers over that connection. */
    Life next(RedisConnection over) {
        return new Life(me.next(), root, over, epoch, skew);
    }

    String name() {
        return me.toString();
    }

    /** A time of this process's clock by that of Redis; what two clocks usually differ by is let go. */
    Instant redisTime(Instant own) {
        return Math.abs(skew) < ORDINARY_SKEW ? own : own.plusMillis(skew);
    }

    Instant redisNow() {
        return Instant.ofEpochMilli(System.currentTimeMillis() + skew);
    }
}
