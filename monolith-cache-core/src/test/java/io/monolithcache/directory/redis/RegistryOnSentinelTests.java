// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a sentinel tells which one is the master. */
class RegistryOnSentinelTests extends RedisRegistryRules {

    @RegisterExtension
    static final SentinelRedis redis = new SentinelRedis(Duration.ofMinutes(1));

    RegistryOnSentinelTests() {
        super(redis, 10);
    }
}
