// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.monolithcache.autoconfigure.actuate.CacheDirectoriesEndpoint;
import io.monolithcache.autoconfigure.actuate.CacheDirectoriesEndpointAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheDirectoryDescriptor;
import io.monolithcache.autoconfigure.actuate.CacheDirectoryPage;
import io.monolithcache.autoconfigure.actuate.CacheEntryDescriptor;
import io.monolithcache.autoconfigure.actuate.CacheEntryEvictionDescriptor;
import io.monolithcache.autoconfigure.actuate.CacheEvictionDescriptor;
import io.monolithcache.autoconfigure.actuate.CacheHealthAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheMetricsAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheObservationAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheStoreDescriptor;
import io.monolithcache.autoconfigure.actuate.CacheStoreLimitsDescriptor;
import io.monolithcache.autoconfigure.actuate.CacheStoreList;
import io.monolithcache.autoconfigure.actuate.CacheStoreMetricsAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheStorePage;
import io.monolithcache.autoconfigure.actuate.CacheStoresEndpoint;
import io.monolithcache.autoconfigure.actuate.CacheStoresEndpointAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheSweepDescriptor;
import io.monolithcache.autoconfigure.actuate.EndpointProblem;
import io.monolithcache.autoconfigure.redis.CacheRedisAutoConfiguration;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheInstrumentation;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.event.CacheCreatedEvent;
import io.monolithcache.directory.redis.RedisServer;
import io.monolithcache.store.Content;
import io.monolithcache.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.generate.GeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.InputStreamSource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

/**
 * An application that is processed ahead of time, with what it needs in a native image. It is started from the code
 * that was generated; which needs a class loader of its own, because that code is in our packages.
 */
class AheadOfTimeTests {

    @TempDir
    Path root;

    @Test
    void thePropertiesCanBeBoundInANativeImage() {
        RuntimeHints hints = process(Everything.class).getRuntimeHints();
        assertThat(List.of(
                        MonolithCacheProperties.class,
                        MonolithCacheProperties.Local.class,
                        MonolithCacheProperties.Redis.class,
                        MonolithCacheProperties.Ssl.class,
                        MonolithCacheProperties.Directories.class,
                        MonolithCacheProperties.Files.class,
                        MonolithCacheProperties.Limits.class,
                        MonolithCacheProperties.Archive.class))
                .allSatisfy(type -> assertThat(reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
                        .accepts(hints));
    }

    @Test
    void tlsCanBeTurnedOnInShortInANativeImage() {
        assertThat(reflection().onMethodInvocation(MonolithCacheProperties.Ssl.class, "of"))
                .accepts(process(Everything.class).getRuntimeHints());
    }

    @Test
    void theAnswersOfTheEndpointCanBeWrittenInANativeImage() {
        RuntimeHints hints = process(Everything.class).getRuntimeHints();
        assertThat(List.of(
                        CacheDirectoryPage.class,
                        CacheDirectoryDescriptor.class,
                        CacheSweepDescriptor.class,
                        CacheEvictionDescriptor.class,
                        CacheStoreList.class,
                        CacheStorePage.class,
                        CacheStoreDescriptor.class,
                        CacheStoreLimitsDescriptor.class,
                        CacheEntryDescriptor.class,
                        CacheEntryEvictionDescriptor.class,
                        EndpointProblem.class))
                .allSatisfy(type -> assertThat(Arrays.stream(type.getRecordComponents()))
                        .allSatisfy(component -> assertThat(reflection().onMethodInvocation(type, component.getName()))
                                .accepts(hints)));
    }

    @Test
    void theOperationsOfTheEndpointCanBeCalledInANativeImage() {
        RuntimeHints hints = process(Everything.class).getRuntimeHints();
        assertThat(Arrays.stream(CacheDirectoriesEndpoint.class.getMethods())
                        .filter(method -> AnnotatedElementUtils.isAnnotated(method, Reflective.class)))
                .hasSize(5)
                .allSatisfy(operation ->
                        assertThat(reflection().onMethodInvocation(operation)).accepts(hints));
        assertThat(Arrays.stream(CacheStoresEndpoint.class.getMethods())
                        .filter(method -> AnnotatedElementUtils.isAnnotated(method, Reflective.class)))
                .hasSize(6)
                .allSatisfy(operation ->
                        assertThat(reflection().onMethodInvocation(operation)).accepts(hints));
    }

    @Test
    @CompileWithForkedClassLoader
    void filesAreKeptAsConfiguredAtTheRun(@TempDir Path files) {
        start(
                process(Everything.class, "monolith.cache.files.index=sqlite"),
                context -> {
                    Store store = context.getBean(Store.class);
                    assertThat(store.put("a", Content.of(new byte[1]))).isTrue();
                    assertThat(store.status().root())
                            .isEqualTo(files.toRealPath().resolve("monolith-cache-files"));
                    assertThat(store.status().index()).isEqualTo("json");
                },
                "monolith.cache.files.path=" + files,
                "monolith.cache.files.index=json");
    }

    @Test
    @CompileWithForkedClassLoader
    void filesThatWereThereWhenItWasBuiltCannotBeTurnedOff() {
        TestGenerationContext generation = process(Everything.class);

        assertThatThrownBy(() -> start(generation, context -> {}, "monolith.cache.files.enabled=false"))
                .rootCause()
                .isInstanceOf(InvalidCacheSettingsException.class);
    }

    @Test
    void noPropertyOfTheBuildIsFrozen() {
        TestGenerationContext generation = process(Everything.class, "monolith.cache.local.path=" + root);
        Map<String, InputStreamSource> sources =
                generation.getGeneratedFiles().getGeneratedFiles(GeneratedFiles.Kind.SOURCE);
        assertThat(sources.keySet()).anyMatch(name -> name.contains("MonolithCacheAutoConfiguration"));
        assertThat(sources.values())
                .allSatisfy(source -> assertThat(source.getInputStream())
                        .asString(StandardCharsets.UTF_8)
                        .doesNotContain(root.toString()));
    }

    @Test
    @CompileWithForkedClassLoader
    void aPathThatWasNotSetWhenItWasBuiltIsUsed() {
        start(process(Everything.class), context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            try (CacheDirectory cache = manager.create()) {
                assertThat(cache.path()).startsWith(root.toRealPath());
            }
        });
    }

    /** Such an application would keep its references in files, and its servers wipe each other's directories. */
    @Test
    @CompileWithForkedClassLoader
    void redisThatWasNotConfiguredWhenItWasBuiltIsUsed(@TempDir Path folder) {
        TestGenerationContext generation = process(Everything.class);
        try (RedisServer server = RedisServer.start(folder)) {
            start(
                    generation,
                    context -> {
                        CacheManager manager = context.getBean(CacheManager.class);
                        try (CacheDirectory cache = manager.create()) {
                            assertThat(cache.path()).isDirectory();
                            assertThat(manager.registryStatus().name()).isEqualTo("redis");
                        }
                        assertThat(root.resolve("monolith-cache/.monolith/format"))
                                .content()
                                .contains("registry=redis");
                    },
                    "monolith.cache.redis.host=127.0.0.1",
                    "monolith.cache.redis.port=" + server.port());
        }
    }

    @Test
    @CompileWithForkedClassLoader
    void theRedisOfTheApplicationIsUsedAsConfiguredAtTheRun(@TempDir Path folder) {
        TestGenerationContext generation = process(Everything.class);
        try (RedisServer server = RedisServer.start(folder)) {
            start(
                    generation,
                    context -> {
                        CacheManager manager = context.getBean(CacheManager.class);
                        manager.create().close();
                        assertThat(manager.registryStatus().name()).isEqualTo("redis");
                    },
                    "monolith.cache.redis.enabled=true",
                    "spring.data.redis.host=127.0.0.1",
                    "spring.data.redis.port=" + server.port());
        }
    }

    @Test
    @CompileWithForkedClassLoader
    void redisThatWasConfiguredWhenItWasBuiltIsNotFrozen() {
        start(
                process(Everything.class, "monolith.cache.redis.host=127.0.0.1", "monolith.cache.redis.port=1"),
                context -> {
                    CacheManager manager = context.getBean(CacheManager.class);
                    manager.create().close();
                    assertThat(manager.registryStatus().name()).isEqualTo("file");
                });
    }

    @Test
    @CompileWithForkedClassLoader
    void whatIsSeenFromOutsideIsThere() {
        start(process(Everything.class), context -> {
            try (CacheDirectory cache = context.getBean(CacheManager.class).create()) {
                assertThat(context.getBean(Heard.class).events)
                        .containsExactly(new CacheCreatedEvent(cache.id(), cache.location()));
            }
            assertThat(context.getBean(HealthIndicator.class).health().getStatus())
                    .isEqualTo(Status.UP);
            assertThat(context.getBean(CacheDirectoriesEndpoint.class)
                            .directories(null, null)
                            .directories())
                    .isEmpty();
            assertThat(context.getBeansOfType(CacheInstrumentation.class)).hasSize(1);
            MeterRegistry registry = new SimpleMeterRegistry();
            context.getBeansOfType(MeterBinder.class).values().forEach(binder -> binder.bindTo(registry));
            assertThat(registry.get("monolith.cache.directories.creations")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    @CompileWithForkedClassLoader
    void whatDoesNotExistFailsAtTheStartAsWithoutProcessing() {
        TestGenerationContext generation = process(Everything.class);

        assertThatThrownBy(() ->
                        start(generation, context -> {}, "monolith.cache.registry=s4", "monolith.cache.storage=tape"))
                .rootCause()
                .isInstanceOf(InvalidCacheSettingsException.class)
                .hasMessageContaining("'monolith.cache.registry' is 's4'")
                .hasMessageContaining("'monolith.cache.storage' is 'tape'");
    }

    private static TestGenerationContext process(Class<?> application, String... properties) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of("management.endpoints.web.exposure.include=cachedirectories,cachestores")
                    .and(properties)
                    .applyTo(context);
            context.register(application);
            TestGenerationContext generation = new TestGenerationContext(application);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            return generation;
        }
    }

    private interface Use {
        void with(GenericApplicationContext context) throws Exception;
    }

    private void start(TestGenerationContext generation, Use use, String... properties) {
        TestCompiler.forSystem().with(generation).compile(compiled -> {
            try (GenericApplicationContext context = new GenericApplicationContext()) {
                TestPropertyValues.of("monolith.cache.local.path=" + root)
                        .and(properties)
                        .applyTo(context);
                initializer(compiled.getInstance(ApplicationContextInitializer.class))
                        .accept(context);
                context.refresh();
                use.with(context);
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        });
    }

    @SuppressWarnings(
            "unchecked") // the compiler knows it as a raw type; the generated one takes any GenericApplicationContext
    private static Consumer<GenericApplicationContext> initializer(ApplicationContextInitializer<?> initializer) {
        return ((ApplicationContextInitializer<GenericApplicationContext>) initializer)::initialize;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        MonolithCacheAutoConfiguration.class,
        CacheRedisAutoConfiguration.class,
        DataRedisAutoConfiguration.class,
        CacheFilesAutoConfiguration.class,
        CacheStoresEndpointAutoConfiguration.class,
        CacheStoreMetricsAutoConfiguration.class,
        CacheDirectoriesEndpointAutoConfiguration.class,
        CacheHealthAutoConfiguration.class,
        CacheMetricsAutoConfiguration.class,
        CacheObservationAutoConfiguration.class
    })
    static class Everything {

        @Bean
        SimpleMeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        ObservationRegistry observations() {
            return ObservationRegistry.create();
        }

        @Bean
        Heard heard() {
            return new Heard();
        }
    }

    static class Heard {

        final List<CacheCreatedEvent> events = new ArrayList<>();

        @EventListener
        void hear(CacheCreatedEvent event) {
            events.add(event);
        }
    }
}
