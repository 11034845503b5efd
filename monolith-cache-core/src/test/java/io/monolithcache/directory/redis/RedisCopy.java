// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.RestoreArgs;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.util.HashMap;
import java.util.Map;

/** What Redis knew at some time, as a replica has it that is behind. */
final class RedisCopy {

    private static final class Value {

        private final byte[] dump;
        private final long left;

        Value(byte[] dump, long left) {
            this.dump = dump;
            this.left = left;
        }
    }

    private final RedisClusterCommands<String, String> redis;
    private final RedisKeys keys;
    private final Map<String, Value> values = new HashMap<>();

    private RedisCopy(RedisClusterCommands<String, String> redis, RedisKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    static RedisCopy of(RedisClusterCommands<String, String> redis, RedisKeys keys) {
        RedisCopy copy = new RedisCopy(redis, keys);
        for (String key : redis.keys("{" + keys.namespace() + "}:*")) {
            copy.values.put(key, new Value(redis.dump(key), Math.max(0, redis.pttl(key))));
        }
        return copy;
    }

    /** A failover: what came after this copy is forgotten, and it is another server that answers. */
    void takeOver() {
        redis.flushall();
        values.forEach((key, value) -> redis.restore(key, value.dump, RestoreArgs.Builder.ttl(value.left)));
        redis.hset(keys.epoch(), "server", "the one before");
    }
}
