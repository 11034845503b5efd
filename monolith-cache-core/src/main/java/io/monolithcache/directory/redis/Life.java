// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

/**
 * An incarnation that works.
 *
 * @param connection the one over which it has told what it holds
 * @param epoch the one in which it did
 */
record Life(Incarnation me, String root, RedisConnection connection, String epoch) {

    /** What it is about to be when it recovers over that connection. */
    Life next(RedisConnection over) {
        return new Life(me.next(), root, over, epoch);
    }

    String name() {
        return me.toString();
    }
}
