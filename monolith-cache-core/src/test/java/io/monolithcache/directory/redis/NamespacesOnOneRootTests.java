// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheRootException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Two namespaces do not know of each other's references, so they have no root in common. */
class NamespacesOnOneRootTests extends SingleFailures {

    @RegisterExtension
    static final StandaloneRedis redis = StandaloneRedis.bundled();

    private final RedisRegistrySettings others = settings(LEASE);

    @Override
    LettuceConnectionFactory connect(Way way) {
        return redis.connect(way);
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return redis.admin();
    }

    @Test
    void theSecondIsRefusedAtTheStart() {
        TestOwner holder = owner();
        CacheId id = holder.create();

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(() -> owner(others))
                .withMessageContaining("'" + settings.namespace() + "'")
                .withMessageContaining("monolith.cache.redis.namespace=" + settings.namespace());

        assertThat(holder.sees(id)).isTrue();
    }

    @Test
    void theSecondIsRefusedAtItsFirstUseWhenBothStartedInAnEmptyPlace() {
        TestOwner stranger = owner(others);
        TestOwner holder = owner();
        CacheId id = holder.create();

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(stranger::create)
                .withMessageContaining("'" + settings.namespace() + "'");
        stranger.registry.sweep();

        assertThat(holder.sees(id)).isTrue();
        assertThat(admin().keys("{" + others.namespace() + "}:owner*")).isEmpty();
    }
}
