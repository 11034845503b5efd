// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheHealthAutoConfiguration;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.redis.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** An application whose Redis comes and goes. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class RedisServiceTests {

    @TempDir
    Path folder;

    @TempDir
    Path root;

    private RedisServer server;

    @BeforeEach
    void start() {
        server = RedisServer.start(folder);
    }

    @AfterEach
    void stop() {
        server.signal("CONT");
        server.close();
    }

    @Test
    void withRedisDownItStartsSaysSoAndFailsFast() {
        server.kill();
        try (ConfigurableApplicationContext context = run()) {
            CacheManager manager = context.getBean(CacheManager.class);

            long start = System.nanoTime();
            assertThatExceptionOfType(CacheBackendException.class)
                    .isThrownBy(manager::create)
                    .withMessageContaining("Redis at 127.0.0.1:" + server.port() + " cannot be reached")
                    .withMessageContaining("monolith.cache.redis.*");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));

            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails()).containsEntry("storage", "local").containsKey("free");
            assertThat(health.getDetails().get("registry"))
                    .asString()
                    .contains("Redis at 127.0.0.1:" + server.port() + " cannot be reached");
        }
    }

    @Test
    void whenRedisComesItWorks() {
        server.kill();
        try (ConfigurableApplicationContext context = run()) {
            assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);

            server.startAgain();

            await().untilAsserted(() -> {
                try (CacheDirectory directory =
                        context.getBean(CacheManager.class).create()) {
                    assertThat(directory.path()).isDirectory();
                }
            });
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
        }
    }

    @Test
    void healthTellsOfTheAnswerTheLeaseAndTheNamespace() {
        try (ConfigurableApplicationContext context = run("monolith.cache.redis.namespace=shop")) {
            assertThat(registry(context))
                    .contains("name=redis", "namespace=shop", "answeredIn=PT")
                    .doesNotContain("leaseAge");

            context.getBean(CacheManager.class).create();

            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
            assertThat(registry(context)).contains("leaseAge=PT");
        }
    }

    /** The connection is there, and nobody answers over it. */
    @Test
    void healthDoesNotWaitForARedisThatHangs() {
        try (ConfigurableApplicationContext context =
                run("monolith.cache.redis.lease=60s", "monolith.cache.redis.timeout=20s")) {
            context.getBean(CacheManager.class).create();
            server.signal("STOP");
            try {
                long start = System.nanoTime();
                Health health = health(context);

                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
                assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                assertThat(health.getDetails().get("registry"))
                        .asString()
                        .contains("The registry has not answered within 3000 ms");
            } finally {
                server.signal("CONT");
            }
        }
    }

    /** The kernel accepts connections for it, so that only the log-in hangs. */
    @Test
    void aRedisThatHangsFromTheStartFailsWithinItsTime() {
        server.signal("STOP");
        try (ConfigurableApplicationContext context = run("monolith.cache.redis.timeout=500ms")) {
            long start = System.nanoTime();
            assertThatExceptionOfType(CacheBackendException.class)
                    .isThrownBy(context.getBean(CacheManager.class)::create)
                    .withMessageContaining("monolith.cache.redis.*");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void failFastStartsWithARedisThatAnswers() {
        try (ConfigurableApplicationContext context = run("monolith.cache.redis.fail-fast=true")) {
            assertThat(context.getBean(CacheManager.class).registryStatus().leaseAge())
                    .isNull();
            assertThat(root).isEmptyDirectory();
        }
    }

    @Test
    void failFastDoesNotStartWithoutRedis(CapturedOutput output) {
        server.kill();
        assertThatException().isThrownBy(() -> run("monolith.cache.redis.fail-fast=true"));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Redis at 127.0.0.1:" + server.port() + " cannot be reached: ")
                .contains("Check that Redis runs and can be reached, and monolith.cache.redis.* (host, port, ssl).")
                .contains("The property 'monolith.cache.redis.host' is '127.0.0.1'.")
                .contains("set monolith.cache.redis.fail-fast to false")
                .doesNotContain("monolith.cache.local.path");
    }

    @Test
    void whoNeedsADirectoryToStartIsToldOfRedisAndNotOfTheDisk(CapturedOutput output) {
        server.kill();
        assertThatException().isThrownBy(() -> run(NeedsADirectory.class));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Could not create cache ")
                .contains("Redis at 127.0.0.1:" + server.port() + " cannot be reached: ")
                .contains("Check that Redis runs and can be reached, and monolith.cache.redis.* (host, port, ssl).")
                .contains("let nothing ask for a cache directory while the application starts")
                .doesNotContain("fail-fast")
                .doesNotContain("monolith.cache.local.path");
    }

    @Test
    void failFastTellsWhatIsWrongWithTheLogIn(CapturedOutput output) {
        server.tell("CONFIG SET requirepass secret");
        assertThatException()
                .isThrownBy(() -> run("monolith.cache.redis.fail-fast=true", "monolith.cache.redis.password=guessed"));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("WRONGPASS")
                .contains("Check monolith.cache.redis.username and monolith.cache.redis.password.")
                .doesNotContain("guessed")
                .doesNotContain("monolith.cache.local.path");
    }

    @Test
    void whoNeedsADirectoryWithAnotherLeaseIsToldOfTheLease(CapturedOutput output) {
        try (ConfigurableApplicationContext first = run(NeedsADirectory.class)) {
            assertThat(first.isActive()).isTrue();
            assertThatException().isThrownBy(() -> run(NeedsADirectory.class, "monolith.cache.redis.lease=10s"));
        }
        assertThat(output)
                .contains("the lease is 30000 ms, and here 10000 ms")
                .contains("Set monolith.cache.redis.lease to the same for all")
                .doesNotContain("monolith.cache.local.path");
    }

    @Test
    void failFastIsOfNoConsequenceWithFiles() {
        server.kill();
        try (ConfigurableApplicationContext context =
                run("monolith.cache.redis.enabled=false", "monolith.cache.redis.fail-fast=true")) {
            assertThat(context.getBean(CacheManager.class).registryStatus().name())
                    .isEqualTo("file");
        }
    }

    private static Health health(ConfigurableApplicationContext context) {
        Health health = context.getBean(HealthIndicator.class).health();
        assertThat(health).isNotNull();
        return health;
    }

    private static String registry(ConfigurableApplicationContext context) {
        return String.valueOf(health(context).getDetails().get("registry"));
    }

    private ConfigurableApplicationContext run(String... properties) {
        return run(Application.class, properties);
    }

    private ConfigurableApplicationContext run(Class<?> application, String... properties) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .run(Stream.concat(
                                Stream.of(
                                        "monolith.cache.local.path=" + root,
                                        "monolith.cache.redis.host=127.0.0.1",
                                        "monolith.cache.redis.port=" + server.port()),
                                Stream.of(properties))
                        .map("--"::concat)
                        .toArray(String[]::new));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        MonolithCacheAutoConfiguration.class,
        CacheRedisAutoConfiguration.class,
        CacheHealthAutoConfiguration.class
    })
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @Import(Application.class)
    static class NeedsADirectory {

        @Bean
        CacheDirectory needed(CacheManager manager) {
            return manager.create();
        }
    }
}
