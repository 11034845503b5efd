// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A master, its replica, and a sentinel that watches them. */
final class SentinelRedis extends RedisKind {

    private static final String NAME = "caches";

    private final Duration patience;
    private @Nullable RedisServer master;
    private @Nullable RedisServer replica;
    private @Nullable RedisServer sentinel;
    private RedisServer.@Nullable Admin admin;
    private RedisServer.@Nullable Admin replicaAdmin;

    /** @param patience how long a master is silent before it is taken for dead */
    SentinelRedis(Duration patience) {
        this.patience = patience;
    }

    @Override
    void start(Path folder) {
        master = closedAtTheEnd(RedisServer.start(folder, "--repl-diskless-sync-delay", "0"));
        replica = closedAtTheEnd(RedisServer.start(
                folder, "--replicaof", "127.0.0.1", String.valueOf(master.port()), "--repl-diskless-sync-delay", "0"));
        admin = closedAtTheEnd(master.admin());
        replicaAdmin = closedAtTheEnd(replica.admin());
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> replicaAdmin.commands().info("replication").contains("master_link_status:up"));
        sentinel = closedAtTheEnd(sentinel(folder, master.port()));
        try (RedisServer.Admin look = sentinel.admin()) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> look.commands().info("sentinel").contains("slaves=1"));
        }
    }

    private RedisServer sentinel(Path folder, int watched) {
        int port = RedisServer.freePort();
        Path configuration = folder.resolve("sentinel.conf");
        try {
            Files.write(
                    configuration,
                    List.of(
                            "sentinel monitor " + NAME + " 127.0.0.1 " + watched + " 1",
                            "sentinel down-after-milliseconds " + NAME + " " + patience.toMillis(),
                            "sentinel failover-timeout " + NAME + " 2000"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return RedisServer.startSentinel(port, folder, configuration);
    }

    RedisServer master() {
        return Objects.requireNonNull(master);
    }

    RedisServer replica() {
        return Objects.requireNonNull(replica);
    }

    RedisClusterCommands<String, String> replicaAdmin() {
        return Objects.requireNonNull(replicaAdmin).commands();
    }

    @Override
    LettuceConnectionFactory connect(Way way) {
        RedisURI watching = Objects.requireNonNull(sentinel).uri();
        return new LettuceConnectionFactory(
                new RedisSentinelConfiguration().master(NAME).sentinel(watching.getHost(), watching.getPort()),
                way.client().build());
    }

    /** Of the first master. */
    @Override
    RedisClusterCommands<String, String> admin() {
        return Objects.requireNonNull(admin).commands();
    }
}
