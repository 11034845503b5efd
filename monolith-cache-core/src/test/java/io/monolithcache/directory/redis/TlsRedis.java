// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** One server that speaks TLS, and wants a password. */
final class TlsRedis extends RedisKind {

    private static final String PASSWORD = "geheim";

    private @Nullable SelfSigned certificate;
    private RedisServer.@Nullable Admin admin;
    private int port;

    @Override
    void start(Path folder) throws Exception {
        SelfSigned made = SelfSigned.in(folder);
        certificate = made;
        port = RedisServer.freePort();
        int plain = RedisServer.freePort();
        // the test itself asks over the other port
        RedisServer server = closedAtTheEnd(RedisServer.startAt(
                plain,
                folder,
                "--tls-port",
                String.valueOf(port),
                "--tls-cert-file",
                made.certificate().toString(),
                "--tls-key-file",
                made.key().toString(),
                "--tls-auth-clients",
                "no"));
        admin = closedAtTheEnd(server.admin());
        // by the test, for whom it is done; the registry never sets anything
        admin().configSet("requirepass", PASSWORD);
    }

    @Override
    LettuceConnectionFactory connect(Way way) {
        RedisStandaloneConfiguration place = new RedisStandaloneConfiguration("127.0.0.1", port);
        place.setPassword(PASSWORD);
        SslOptions trust = SslOptions.builder()
                .trustManager(Objects.requireNonNull(certificate).certificate().toFile())
                .build();
        return new LettuceConnectionFactory(
                place,
                way.client()
                        .clientOptions(ClientOptions.builder().sslOptions(trust).build())
                        .useSsl()
                        .build());
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return Objects.requireNonNull(admin).commands();
    }
}
