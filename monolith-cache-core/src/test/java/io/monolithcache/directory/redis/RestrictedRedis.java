// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** One server with a user who may do what is needed, and nothing else; nobody else may do anything. */
final class RestrictedRedis extends RedisKind {

    /**
     * Every command that the registry sends, and those that its scripts run. {@code HELLO} and {@code AUTH} need no
     * right.
     */
    static final String COMMANDS = "+evalsha +eval +time +info +hmget +hset +hget +hkeys +hdel +hexists +exists +get"
            + " +set +del +sadd +srem +smembers +zadd +zrem +zrangebyscore +zremrangebyscore";

    /** And in a cluster, by which the client learns of its nodes. */
    static final String COMMANDS_IN_A_CLUSTER = COMMANDS + " +cluster|nodes";

    /** The keys of one namespace. */
    static String keys(String namespace) {
        return "~{" + namespace + "}:*";
    }

    static final String USER = "caches";
    static final String PASSWORD = "geheim";
    private static final String ADMIN_PASSWORD = "offen";

    private RedisServer.@Nullable Admin admin;
    private @Nullable RedisServer server;

    @Override
    void start(Path folder) {
        // the server reads its users before anybody asks it anything
        server = closedAtTheEnd(RedisServer.start(folder));
        RedisServer.Admin first = server.admin();
        acl(first.commands(), "setuser", "admin", "on", ">" + ADMIN_PASSWORD, "~*", "&*", "+@all");
        first.close();
        admin = closedAtTheEnd(RedisServer.admin(RedisURI.builder(server.uri())
                .withAuthentication("admin", ADMIN_PASSWORD)
                .build()));
        acl(admin(), "setuser", "default", "off");
        allow(keys("*"), COMMANDS);
    }

    /** From here on the user may do this and nothing else. */
    void allow(String keys, String commands) {
        allow(admin(), keys, commands);
    }

    static void allow(RedisClusterCommands<String, String> on, String keys, String commands) {
        acl(
                on,
                Stream.of(
                                Stream.of("setuser", USER, "reset", "on", ">" + PASSWORD, keys),
                                Arrays.stream(commands.split(" ")))
                        .flatMap(words -> words)
                        .toArray(String[]::new));
    }

    static void acl(RedisClusterCommands<String, String> on, String... words) {
        CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
        Arrays.stream(words).forEach(arguments::add);
        String done = on.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments);
        Objects.requireNonNull(done);
    }

    @Override
    LettuceConnectionFactory connect(Way way) {
        RedisStandaloneConfiguration place = new RedisStandaloneConfiguration(
                "127.0.0.1", Objects.requireNonNull(server).port());
        place.setUsername(USER);
        place.setPassword(PASSWORD);
        return new LettuceConnectionFactory(place, way.client().build());
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return Objects.requireNonNull(admin).commands();
    }
}
