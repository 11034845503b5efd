// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import org.junit.jupiter.api.extension.RegisterExtension;

/** As a user who may do only what is needed. */
class RegistryOnRestrictedRedisTests extends RedisRegistryContract {

    @RegisterExtension
    static final RestrictedRedis redis = new RestrictedRedis();

    RegistryOnRestrictedRedisTests() {
        super(redis, 10);
    }
}
