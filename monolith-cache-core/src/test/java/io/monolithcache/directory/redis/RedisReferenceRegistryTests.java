// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import org.junit.jupiter.api.extension.RegisterExtension;

/** On Redis 6.2, the oldest that is supported. */
class RedisReferenceRegistryTests extends RedisRegistryContract {

    @RegisterExtension
    static final StandaloneRedis redis = StandaloneRedis.bundled();

    RedisReferenceRegistryTests() {
        super(redis, 50);
    }
}
