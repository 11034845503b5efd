// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheRegistryException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A Redis that answers, but not what is asked: the message names the property that leads there. */
@Timeout(120)
class RefusingRedisTests {

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static RedisServer.Admin admin;

    @TempDir
    Path root;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder);
        admin = server.admin();
    }

    @AfterEach
    void lift() {
        admin.commands().replicaofNoOne();
        admin.commands().configSet("maxmemory", "0");
        admin.commands().configSet("requirepass", "");
    }

    @AfterAll
    static void stopRedis() {
        admin.close();
        server.close();
    }

    @Test
    void aMissingPassword() {
        admin.commands().configSet("requirepass", "secret");

        assertThat(failure(at(server)))
                .hasMessageContaining("NOAUTH")
                .hasMessageEndingWith("Check monolith.cache.redis.username and monolith.cache.redis.password.");
    }

    @Test
    void aWrongPassword() {
        admin.commands().configSet("requirepass", "secret");
        RedisStandaloneConfiguration where = at(server);
        where.setPassword(RedisPassword.of("guessed"));

        assertThat(failure(where))
                .hasMessageContaining("WRONGPASS")
                .hasMessageEndingWith("Check monolith.cache.redis.username and monolith.cache.redis.password.")
                .hasMessageNotContaining("guessed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-evalsha", "-hset", "resetkeys"})
    void aRightThatIsMissing(String rule) {
        admin.commands()
                .dispatch(
                        CommandType.ACL,
                        new StatusOutput<>(StringCodec.UTF8),
                        new CommandArgs<>(StringCodec.UTF8)
                                .addKeys("SETUSER", "shop", "reset", "on", ">secret", "~*", "+@all", rule));
        RedisStandaloneConfiguration where = at(server);
        where.setUsername("shop");
        where.setPassword(RedisPassword.of("secret"));

        assertThat(failure(where))
                .hasMessageEndingWith(
                        "Give the user of monolith.cache.redis.username the right to the commands that are"
                                + " needed, and to the keys of monolith.cache.redis.namespace.");
    }

    @Test
    void aDatabaseThatThereIsNot() {
        RedisStandaloneConfiguration where = at(server);
        where.setDatabase(99);

        assertThat(failure(where)).hasMessageEndingWith("Set monolith.cache.redis.database to one that there is.");
    }

    @Test
    void aReplica() {
        admin.commands().replicaof("127.0.0.1", server.port());

        assertThat(failure(at(server)))
                .hasMessageContaining("READONLY")
                .hasMessageEndingWith("Set monolith.cache.redis.host to the master: a replica takes no references.");
    }

    @Test
    void aFullMemory() {
        admin.commands().configSet("maxmemory", "1");

        assertThat(failure(at(server)))
                .hasMessageContaining("OOM")
                .hasMessageEndingWith("Give Redis more memory (maxmemory); it has to keep every reference.");
    }

    @Test
    void anUnknownCommand(@TempDir Path own) {
        try (RedisServer limited = RedisServer.start(own, "--rename-command", "EVALSHA", "")) {
            assertThat(failure(at(limited)))
                    .hasMessageContaining("unknown command")
                    .hasMessageEndingWith("Use Redis 6.2 or newer, with its commands under their own names.");
        }
    }

    @Test
    void aPortWhereNobodyIs() {
        assertThat(failure(new RedisStandaloneConfiguration("127.0.0.1", RedisServer.freePort())))
                .hasMessageContaining("cannot be reached: Connection refused")
                .hasMessageEndingWith(
                        "Check that Redis runs and can be reached, and monolith.cache.redis.* (host, port, ssl).");
    }

    @Test
    void theCacheThatCouldNotBeMadeIsNamedOnce() {
        admin.commands().configSet("requirepass", "secret");

        CacheRegistryException failure = failure(at(server));

        assertThat(failure.description()).startsWith("Could not create cache ");
        assertThat(failure.action()).startsWith("Check ");
        assertThat(failure).hasMessage(failure.description() + " " + failure.action());
    }

    private static RedisStandaloneConfiguration at(RedisServer server) {
        return new RedisStandaloneConfiguration("127.0.0.1", server.port());
    }

    private CacheRegistryException failure(RedisStandaloneConfiguration where) {
        try (CacheManager manager = CacheManager.builder()
                .root(root)
                .registry(
                        new RedisRegistry(RedisRegistrySettings.defaults(), () -> new LettuceConnectionFactory(where)))
                .build()) {
            return catchThrowableOfType(CacheRegistryException.class, manager::create);
        }
    }
}
