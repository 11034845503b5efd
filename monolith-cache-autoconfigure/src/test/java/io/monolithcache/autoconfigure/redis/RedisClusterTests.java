// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.SlotHash;
import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.redis.RedisServer;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The application's own connection to a cluster, of one node here. */
@Timeout(120)
class RedisClusterTests {

    @TempDir
    Path folder;

    @TempDir
    Path root;

    @Test
    void theClusterOfTheApplicationIsUsed() {
        try (RedisServer server =
                        RedisServer.start(folder, "--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1");
                RedisServer.Admin admin = server.admin()) {
            admin.commands()
                    .clusterAddSlots(IntStream.range(0, SlotHash.SLOT_COUNT).toArray());
            await().until(() -> admin.commands().clusterInfo().contains("cluster_state:ok"));
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(
                            MonolithCacheAutoConfiguration.class,
                            CacheRedisAutoConfiguration.class,
                            DataRedisAutoConfiguration.class))
                    .withPropertyValues(
                            "monolith.cache.local.path=" + root,
                            "monolith.cache.redis.enabled=true",
                            "spring.data.redis.cluster.nodes=127.0.0.1:" + server.port(),
                            "spring.data.redis.lettuce.cluster.refresh.period=30s")
                    .run(context -> {
                        CacheManager manager = context.getBean(CacheManager.class);
                        try (CacheDirectory directory = manager.create()) {
                            assertThat(admin.commands().keys("*"))
                                    .anyMatch(key -> key.endsWith(directory.id().value()));
                        }
                    });
        }
    }
}
