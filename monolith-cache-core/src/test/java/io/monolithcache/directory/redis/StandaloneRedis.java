// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** One server, on which everybody may do everything. */
class StandaloneRedis extends RedisKind {

    /** Where distributions put theirs. */
    static final Path INSTALLED = Path.of("/usr/bin/redis-server");

    private final @Nullable Path binary;
    private RedisServer.@Nullable Admin admin;
    private @Nullable RedisServer server;

    private StandaloneRedis(@Nullable Path binary) {
        this.binary = binary;
    }

    /** Redis 6.2. */
    static StandaloneRedis bundled() {
        return new StandaloneRedis(null);
    }

    /** Whichever this machine has. */
    static StandaloneRedis installed() {
        return new StandaloneRedis(INSTALLED);
    }

    static void requireInstalled() {
        String reason = "This machine has no " + INSTALLED + ", so that only the bundled Redis 6.2 was tested";
        if (!Files.isExecutable(INSTALLED)) {
            System.out.println(reason);
            Assumptions.abort(reason);
        }
    }

    @Override
    void start(Path folder) {
        if (binary != null) {
            requireInstalled();
        }
        server = closedAtTheEnd(
                binary == null ? RedisServer.start(folder) : RedisServer.start(binary, folder, new String[0]));
        admin = closedAtTheEnd(server.admin());
    }

    RedisServer server() {
        return Objects.requireNonNull(server);
    }

    @Override
    LettuceConnectionFactory connect(Way way) {
        return new LettuceConnectionFactory(
                new RedisStandaloneConfiguration("127.0.0.1", server().port()),
                way.client().build());
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return Objects.requireNonNull(admin).commands();
    }
}
