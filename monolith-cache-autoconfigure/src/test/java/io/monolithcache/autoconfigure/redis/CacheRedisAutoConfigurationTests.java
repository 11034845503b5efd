// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import io.monolithcache.autoconfigure.InvalidCacheSettingsException;
import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.redis.RedisRegistryListener;
import io.monolithcache.directory.redis.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Over a real Redis, what the properties of a run make of an application. */
@Timeout(120)
class CacheRedisAutoConfigurationTests {

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static RedisServer.Admin admin;

    @TempDir
    Path root;

    private ApplicationContextRunner runner;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder);
        admin = server.admin();
    }

    @AfterAll
    static void stopRedis() {
        admin.close();
        server.close();
    }

    @BeforeEach
    void runner() {
        admin.commands().flushall();
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MonolithCacheAutoConfiguration.class,
                        CacheRedisAutoConfiguration.class,
                        DataRedisAutoConfiguration.class))
                .withPropertyValues(
                        "monolith.cache.local.path=" + root,
                        "monolith.cache.directories.sweep-interval=0",
                        // where nobody is: whoever connects there is found out
                        "spring.data.redis.port=1");
    }

    private ApplicationContextRunner withHost() {
        return runner.withPropertyValues(
                "monolith.cache.redis.host=127.0.0.1", "monolith.cache.redis.port=" + server.port());
    }

    private ApplicationContextRunner withTheApplicationsOwn() {
        return runner.withPropertyValues(
                "monolith.cache.redis.enabled=true",
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=" + server.port());
    }

    private static List<String> clients() {
        return admin.commands().clientList().lines().toList();
    }

    private static void awaitOnlyTheTestItself() {
        await().untilAsserted(() -> assertThat(clients()).hasSize(1));
    }

    @Test
    void withAHostReferencesAreInRedis() {
        withHost().run(context -> {
            try (CacheDirectory directory = context.getBean(CacheManager.class).create()) {
                assertThat(context.getBean(CacheManager.class).registryStatus().name())
                        .isEqualTo("redis");
                assertThat(admin.commands().keys("*"))
                        .anyMatch(key -> key.contains(directory.id().value()));
            }
        });
    }

    @Test
    void withoutAnythingReferencesAreInFilesAndNobodyConnects() {
        runner.run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            manager.create();
            assertThat(manager.registryStatus().name()).isEqualTo("file");
        });
        assertThat(admin.commands().keys("*")).isEmpty();
    }

    @Test
    void aRootOfFilesIsNotTakenOverByRedis() {
        runner.run(context -> context.getBean(CacheManager.class).create());
        withHost()
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("is kept by the registry 'file'")
                        .hasMessageContaining("monolith.cache.registry=file"));
    }

    @Test
    void nothingConnectsBeforeTheFirstUseAndNothingStaysAfterTheEnd() {
        awaitOnlyTheTestItself();
        withHost().run(context -> {
            assertThat(clients()).hasSize(1);
            context.getBean(CacheManager.class).create();
            assertThat(clients()).hasSize(2);
        });
        awaitOnlyTheTestItself();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("monolith-cache-heartbeat")));
    }

    @Test
    void whatIsHeldIsReleasedInRedisAtTheEnd() {
        withHost()
                .withPropertyValues("monolith.cache.directories.wipe=synchronous")
                .run(context -> {
                    context.getBean(CacheManager.class).create();
                    assertThat(admin.commands().keys("*cache:*")).isNotEmpty();
                });
        assertThat(admin.commands().keys("*cache:*")).isEmpty();
        assertThat(root.resolve("monolith-cache/caches")).isEmptyDirectory();
    }

    @Test
    void theNamespaceIsInEveryKey() {
        withHost().withPropertyValues("monolith.cache.redis.namespace=shop").run(context -> {
            context.getBean(CacheManager.class).create();
            assertThat(admin.commands().keys("*")).isNotEmpty().allMatch(key -> key.startsWith("{shop}:"));
        });
    }

    @Test
    void theLeaseIsThatOfTheProperties() {
        withHost()
                .withPropertyValues("monolith.cache.redis.lease=5m", "monolith.cache.redis.timeout=1s")
                .run(context -> {
                    context.getBean(CacheManager.class).create();
                    assertThat(admin.commands().keys("*owner:*"))
                            .isNotEmpty()
                            .allSatisfy(key ->
                                    assertThat(admin.commands().pttl(key)).isBetween(60_000L, 300_000L));
                });
    }

    @Test
    void theUserAndTheDatabaseAreThoseOfTheProperties() {
        admin.commands()
                .dispatch(
                        CommandType.ACL,
                        new StatusOutput<>(StringCodec.UTF8),
                        new CommandArgs<>(StringCodec.UTF8)
                                .add("SETUSER")
                                .add("shop")
                                .add("on")
                                .add(">secret")
                                .add("~*")
                                .add("+@all"));
        withHost()
                .withPropertyValues(
                        "monolith.cache.redis.username=shop",
                        "monolith.cache.redis.password=secret",
                        "monolith.cache.redis.database=3")
                .run(context -> {
                    context.getBean(CacheManager.class).create();
                    assertThat(clients()).anyMatch(client -> client.contains("user=shop") && client.contains("db=3"));
                });
        withHost()
                .withPropertyValues("monolith.cache.redis.username=shop", "monolith.cache.redis.password=wrong")
                .run(context -> assertThatExceptionOfType(CacheBackendException.class)
                        .isThrownBy(context.getBean(CacheManager.class)::create)
                        .withMessageContaining("WRONGPASS")
                        .withMessageNotContaining("wrong "));
    }

    @Test
    void withoutAHostItIsTheRedisOfTheApplication() {
        withTheApplicationsOwn()
                .withPropertyValues("spring.data.redis.client-name=shop", "spring.data.redis.database=4")
                .run(context -> {
                    context.getBean(CacheManager.class).create();
                    assertThat(clients()).anyMatch(client -> client.contains("name=shop") && client.contains("db=4"));
                });
    }

    @Test
    void theRegistryAloneIsEnough() {
        withTheApplicationsOwn()
                .withPropertyValues("monolith.cache.redis.enabled=", "monolith.cache.registry=redis")
                .run(context -> {
                    context.getBean(CacheManager.class).create();
                    assertThat(clients()).hasSize(2);
                });
    }

    /** As {@code @ServiceConnection} brings them. */
    @Test
    void connectionDetailsOfAServiceAreUsed() {
        runner.withPropertyValues("monolith.cache.redis.enabled=true")
                .withBean(DataRedisConnectionDetails.class, () -> new DataRedisConnectionDetails() {
                    @Override
                    public Standalone getStandalone() {
                        return Standalone.of("127.0.0.1", server.port(), 5);
                    }
                })
                .run(context -> {
                    context.getBean(CacheManager.class).create();
                    assertThat(clients()).anyMatch(client -> client.contains("db=5"));
                });
    }

    @Test
    void theCustomizersOfTheApplicationAreAsked() {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        withTheApplicationsOwn()
                .withBean(ClientResourcesBuilderCustomizer.class, () -> resources -> asked.add("resources"))
                .withBean(LettuceClientOptionsBuilderCustomizer.class, () -> options -> asked.add("options"))
                .withBean(
                        LettuceClientConfigurationBuilderCustomizer.class,
                        () -> configuration -> configuration.clientName("customized"))
                .run(context -> {
                    context.getBean(CacheManager.class).create();
                    assertThat(clients()).anyMatch(client -> client.contains("name=customized"));
                });
        assertThat(asked).containsExactlyInAnyOrder("resources", "options");
    }

    /** What binds Lettuce's own metrics is a customizer of these. */
    @Test
    void withAHostTheCustomizersOfResourcesAreAskedAlone() {
        AtomicInteger resources = new AtomicInteger();
        withHost()
                .withBean(ClientResourcesBuilderCustomizer.class, () -> builder -> resources.incrementAndGet())
                .withBean(
                        LettuceClientConfigurationBuilderCustomizer.class,
                        () -> configuration -> configuration.clientName("customized"))
                .run(context -> {
                    context.getBean(CacheManager.class).create();
                    assertThat(clients()).noneMatch(client -> client.contains("name=customized"));
                });
        assertThat(resources).hasPositiveValue();
    }

    @Test
    void theBeansOfTheApplicationAreUntouched() {
        withTheApplicationsOwn().run(context -> {
            assertThat(context.getBeansOfType(RedisConnectionFactory.class)).containsOnlyKeys("redisConnectionFactory");
            assertThat(context.getBeansOfType(ClientResources.class)).containsOnlyKeys("lettuceClientResources");
            assertThat(context.getBeansOfType(RedisOperations.class))
                    .containsOnlyKeys("redisTemplate", "stringRedisTemplate");
            context.getBean(CacheManager.class).create();
            StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
            template.opsForValue().set("mine", "value");
            context.getBean(CacheManager.class).close();
            assertThat(template.opsForValue().get("mine")).isEqualTo("value");
        });
    }

    @Test
    void aConnectionFactoryThatIsStoppedDoesNotStopOurs() {
        withTheApplicationsOwn().run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            CacheDirectory directory = manager.create();
            context.getBean(LettuceConnectionFactory.class).stop();
            directory.putMetadata("still", true);
            directory.lock();
            assertThat(directory.isLocked()).isTrue();
        });
    }

    @Test
    void listenersHearOfTheCommands() {
        Set<String> commands = ConcurrentHashMap.newKeySet();
        AtomicInteger renewals = new AtomicInteger();
        withHost()
                .withBean("one", RedisRegistryListener.class, () -> new RedisRegistryListener() {
                    @Override
                    public void ran(String command, Duration time, boolean answered) {
                        commands.add(command);
                    }
                })
                .withBean("other", RedisRegistryListener.class, () -> new RedisRegistryListener() {
                    @Override
                    public void renewed() {
                        renewals.incrementAndGet();
                    }
                })
                .run(context -> context.getBean(CacheManager.class).create().close());
        assertThat(commands).contains("lease", "create", "release");
        assertThat(renewals).hasPositiveValue();
    }

    @Test
    void aBundleThatThereIsNotIsRefused() {
        withHost()
                .withPropertyValues("monolith.cache.redis.ssl.bundle=redis")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining(
                                "'monolith.cache.redis.ssl.bundle' is 'redis', but there is no such SSL bundle"));
    }

    @Test
    void aFixedMasterWithReplicasIsRefused() {
        runner.withPropertyValues("monolith.cache.redis.enabled=true", "spring.data.redis.masterreplica.nodes=a:1,b:2")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining("fixed master"));
    }

    /** As in a slice of a test. */
    @Test
    void withoutConnectionDetailsOnlyWhatNeedsRedisFails() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(MonolithCacheAutoConfiguration.class, CacheRedisAutoConfiguration.class))
                .withPropertyValues("monolith.cache.local.path=" + root, "monolith.cache.redis.enabled=true")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThatExceptionOfType(CacheBackendException.class)
                            .isThrownBy(context.getBean(CacheManager.class)::create)
                            .withMessageContaining("DataRedisConnectionDetails")
                            .withMessageContaining("monolith.cache.redis.host");
                });
    }

    @Test
    void disabledThereIsNothingOfIt() {
        withHost()
                .withPropertyValues("monolith.cache.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(RedisRegistrySource.class)
                        .doesNotHaveBean(CacheManager.class));
    }
}
