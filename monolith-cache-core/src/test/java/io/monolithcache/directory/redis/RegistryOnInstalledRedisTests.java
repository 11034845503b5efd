// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import org.junit.jupiter.api.extension.RegisterExtension;

/** On the Redis that this machine has, Redis 7 on today's Debian. */
class RegistryOnInstalledRedisTests extends RedisRegistryContract {

    @RegisterExtension
    static final StandaloneRedis redis = StandaloneRedis.installed();

    RegistryOnInstalledRedisTests() {
        super(redis, 10);
    }
}
