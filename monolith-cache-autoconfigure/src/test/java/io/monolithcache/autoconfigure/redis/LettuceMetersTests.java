// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.metrics.MicrometerCommandLatencyRecorder;
import io.lettuce.core.metrics.MicrometerOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.redis.RedisServer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What Lettuce itself measures of our connection, in an application with Boot's actuator and a real Redis. */
@Timeout(120)
class LettuceMetersTests {

    /** Nobody else runs any: nothing of the application's own can be taken for ours. */
    private static final String SCRIPT = "EVALSHA";

    @TempDir
    static Path folder;

    private static RedisServer server;

    @TempDir
    Path root;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder);
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    private String[] withHost() {
        return new String[] {
            "monolith.cache.redis.host=127.0.0.1",
            "monolith.cache.redis.port=" + server.port(),
            // where nobody is
            "spring.data.redis.port=1"
        };
    }

    private String[] withTheApplicationsOwn() {
        return new String[] {"monolith.cache.redis.enabled=true", "spring.data.redis.port=" + server.port()};
    }

    private ConfigurableApplicationContext run(Class<?> application, String... properties) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .run(Stream.concat(Stream.of("monolith.cache.local.path=" + root), Arrays.stream(properties))
                        .map("--"::concat)
                        .toArray(String[]::new));
    }

    private static MeterRegistry afterACreation(ConfigurableApplicationContext context) {
        context.getBean(CacheManager.class).create().close();
        return context.getBean(MeterRegistry.class);
    }

    /** Boot hands Lettuce the application's observations, of which its metrics make timers. */
    private void assertThatBootsAreThere(String... properties) {
        try (ConfigurableApplicationContext context = run(Application.class, properties)) {
            MeterRegistry meters = afterACreation(context);

            assertThat(meters.find("lettuce")
                            .tag("db.operation", SCRIPT)
                            .tag("net.sock.peer.port", String.valueOf(server.port()))
                            .timers())
                    .isNotEmpty()
                    .allSatisfy(timer -> assertThat(timer.count()).isPositive());
        }
    }

    @Test
    void withAHostBootsMetersOfLettuceAreThose() {
        assertThatBootsAreThere(withHost());
    }

    @Test
    void withTheApplicationsOwnBootsMetersOfLettuceAreThose() {
        assertThatBootsAreThere(withTheApplicationsOwn());
    }

    private void assertThatLatenciesAreThere(String... properties) {
        try (ConfigurableApplicationContext context = run(WithLatencies.class, properties)) {
            MeterRegistry meters = afterACreation(context);

            assertThat(meters.find("lettuce.command.completion")
                            .tag("command", SCRIPT)
                            .tag("remote", remote -> remote.endsWith(":" + server.port()))
                            .timers())
                    .isNotEmpty()
                    .allSatisfy(timer -> assertThat(timer.count()).isPositive());
        }
    }

    @Test
    void withAHostARecorderOfTheApplicationHearsOfOurs() {
        assertThatLatenciesAreThere(withHost());
    }

    @Test
    void withTheApplicationsOwnARecorderOfTheApplicationHearsOfOurs() {
        assertThatLatenciesAreThere(withTheApplicationsOwn());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithLatencies {

        @Bean
        ClientResourcesBuilderCustomizer lettuceLatencies(MeterRegistry meters) {
            return resources -> resources.commandLatencyRecorder(
                    new MicrometerCommandLatencyRecorder(meters, MicrometerOptions.create()));
        }
    }
}
