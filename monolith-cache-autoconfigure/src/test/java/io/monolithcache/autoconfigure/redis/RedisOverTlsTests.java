// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.SslOptions;
import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.redis.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A Redis whose certificate the JDK does not trust. */
@Timeout(120)
class RedisOverTlsTests {

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static Certificate certificate;
    private static int port;

    @TempDir
    Path root;

    private ApplicationContextRunner runner;

    @BeforeAll
    static void startRedis() throws Exception {
        certificate = Certificate.make(folder);
        port = freePort();
        server = RedisServer.start(
                folder,
                "--tls-port",
                String.valueOf(port),
                "--tls-cert-file",
                certificate.certificate().toString(),
                "--tls-key-file",
                certificate.key().toString(),
                "--tls-ca-cert-file",
                certificate.certificate().toString(),
                "--tls-auth-clients",
                "no");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void runner() {
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MonolithCacheAutoConfiguration.class,
                        CacheRedisAutoConfiguration.class,
                        SslAutoConfiguration.class,
                        DataRedisAutoConfiguration.class))
                .withPropertyValues(
                        "monolith.cache.local.path=" + root,
                        "spring.ssl.bundle.pem.redis.truststore.certificate=file:" + certificate.certificate(),
                        "spring.ssl.bundle.pem.redis.options.enabled-protocols=TLSv1.3",
                        "spring.ssl.bundle.pem.redis.options.ciphers=TLS_AES_128_GCM_SHA256");
    }

    private ApplicationContextRunner withHost() {
        return runner.withPropertyValues("monolith.cache.redis.host=127.0.0.1", "monolith.cache.redis.port=" + port);
    }

    private ApplicationContextRunner withTheApplicationsOwn() {
        return runner.withPropertyValues(
                "monolith.cache.redis.enabled=true",
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=" + port);
    }

    private static void works(CacheManager manager) {
        manager.create().close();
        assertThat(manager.registryStatus().name()).isEqualTo("redis");
    }

    private static void fails(CacheManager manager) {
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(manager::create)
                .withMessageContaining("Redis at 127.0.0.1:" + port + " cannot be reached");
    }

    @Test
    void withABundleThatTrustsItItWorks() {
        withHost()
                .withPropertyValues("monolith.cache.redis.ssl.bundle=redis")
                .run(context -> works(context.getBean(CacheManager.class)));
    }

    @Test
    void withoutABundleOnlyWhatTheJdkTrustsIsTrusted() {
        withHost()
                .withPropertyValues("monolith.cache.redis.ssl=true")
                .run(context -> assertThatExceptionOfType(CacheBackendException.class)
                        .isThrownBy(context.getBean(CacheManager.class)::create)
                        .withMessageContaining("unable to find valid certification path"));
    }

    @Test
    void withoutTlsItFails() {
        withHost().run(context -> fails(context.getBean(CacheManager.class)));
    }

    @Test
    void theBundleOfTheApplicationIsUsed() {
        withTheApplicationsOwn()
                .withPropertyValues("spring.data.redis.ssl.bundle=redis")
                .run(context -> works(context.getBean(CacheManager.class)));
    }

    @Test
    void aUrlOfTheApplicationAsksForTls() {
        withTheApplicationsOwn()
                .withPropertyValues("spring.data.redis.url=rediss://127.0.0.1:" + port)
                .withBean(
                        LettuceClientOptionsBuilderCustomizer.class,
                        () -> options -> options.sslOptions(SslOptions.builder()
                                .trustManager(certificate.certificate().toFile())
                                .build()))
                .run(context -> works(context.getBean(CacheManager.class)));
    }
}
