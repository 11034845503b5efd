// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.LogWatch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A Redis that may throw away what it was given. */
class EvictingRedisTests {

    @TempDir
    Path folder;

    private void createsWith(String... options) {
        try (RedisServer server = RedisServer.start(folder, options);
                CacheManager manager = CacheManager.builder()
                        .root(folder)
                        .registry(new RedisRegistry(
                                RedisRegistrySettings.defaults(),
                                () -> new LettuceConnectionFactory("127.0.0.1", server.port())))
                        .build()) {
            manager.create().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"volatile-lru", "allkeys-lfu"})
    void isWarnedOf(String policy) {
        try (LogWatch log = new LogWatch()) {
            createsWith("--maxmemory", "100mb", "--maxmemory-policy", policy);

            assertThat(log.warnings()).anyMatch(message -> message.contains("maxmemory-policy " + policy));
        }
    }

    @Test
    void isNotWarnedOfWhereNothingIsEvicted() {
        try (LogWatch log = new LogWatch()) {
            createsWith("--maxmemory", "100mb", "--maxmemory-policy", "noeviction");
            createsWith("--maxmemory-policy", "allkeys-lru");

            assertThat(log.warnings()).noneMatch(message -> message.contains("maxmemory"));
        }
    }
}
