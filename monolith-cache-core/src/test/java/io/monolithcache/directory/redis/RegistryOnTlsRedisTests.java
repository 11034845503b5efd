// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Over TLS, with a password. */
class RegistryOnTlsRedisTests extends RedisRegistryRules {

    @RegisterExtension
    static final TlsRedis redis = new TlsRedis();

    RegistryOnTlsRedisTests() {
        super(redis, 10);
    }
}
