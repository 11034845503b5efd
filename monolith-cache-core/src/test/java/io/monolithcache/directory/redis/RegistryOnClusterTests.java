// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In a cluster, where a namespace is one slot. */
@Tag("long")
class RegistryOnClusterTests extends RedisRegistryContract {

    @RegisterExtension
    static final ClusterRedis redis = new ClusterRedis();

    RegistryOnClusterTests() {
        super(redis, 10);
    }
}
