// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisURI;
import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.redis.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The application's own connection, through a Sentinel that says where Redis is. */
@Timeout(120)
class RedisSentinelTests {

    @TempDir
    Path folder;

    @TempDir
    Path root;

    @Test
    void theRedisThatSentinelNamesIsUsed() throws IOException {
        try (RedisServer server = RedisServer.start(folder);
                RedisServer.Admin admin = server.admin()) {
            int port = freePort();
            Process sentinel = sentinel(port, server.port());
            try {
                awaitAnswerOf(port);
                new ApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(
                                MonolithCacheAutoConfiguration.class,
                                CacheRedisAutoConfiguration.class,
                                DataRedisAutoConfiguration.class))
                        .withPropertyValues(
                                "monolith.cache.local.path=" + root,
                                "monolith.cache.redis.enabled=true",
                                "spring.data.redis.sentinel.master=main",
                                "spring.data.redis.sentinel.nodes=127.0.0.1:" + port)
                        .run(context -> {
                            CacheManager manager = context.getBean(CacheManager.class);
                            try (CacheDirectory directory = manager.create()) {
                                assertThat(admin.commands().keys("*"))
                                        .anyMatch(key ->
                                                key.endsWith(directory.id().value()));
                            }
                        });
            } finally {
                sentinel.destroyForcibly().onExit().join();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process sentinel(int port, int watched) throws IOException {
        Path settings = Files.writeString(
                folder.resolve("sentinel.conf"),
                "bind 127.0.0.1\nport " + port + "\ndir " + folder + "\nsentinel monitor main 127.0.0.1 " + watched
                        + " 1\n");
        return new ProcessBuilder(folder.resolve("redis-server").toString(), settings.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sentinel.log").toFile())
                .start();
    }

    private static void awaitAnswerOf(int port) {
        await().ignoreExceptions().until(() -> {
            try (RedisServer.Admin admin = RedisServer.admin(RedisURI.create("127.0.0.1", port))) {
                return admin.commands().ping().equals("PONG");
            }
        });
    }
}
