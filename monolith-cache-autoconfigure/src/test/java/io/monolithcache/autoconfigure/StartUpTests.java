// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.monolithcache.autoconfigure.actuate.CacheHealthAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheMetricsAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheObservationAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheStoreMetricsAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheStoresEndpointAutoConfiguration;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.store.Store;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A start only looks: unused, the starter writes nothing and owns no thread. */
class StartUpTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(
                        MetricsAutoConfiguration.class,
                        CacheScopesAutoConfiguration.class,
                        CacheHealthAutoConfiguration.class,
                        CacheMetricsAutoConfiguration.class,
                        CacheFilesAutoConfiguration.class,
                        CacheStoreMetricsAutoConfiguration.class,
                        CacheStoresEndpointAutoConfiguration.class,
                        CacheObservationAutoConfiguration.class)
                .withBean(SimpleMeterRegistry.class)
                .withBean(ObservationRegistry.class, ObservationRegistry::create);
    }

    @Test
    void aStartWritesNothing() {
        runner.run(context -> {
            assertThat(context)
                    .hasSingleBean(CacheManager.class)
                    .hasSingleBean(CacheScopes.class)
                    .hasSingleBean(Store.class);
            assertThat(root).isEmptyDirectory();
        });
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aStartCreatesNoRoot() {
        Path absent = root.resolve("not/there");
        runner.withPropertyValues("monolith.cache.local.path=" + absent)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aStartOwnsNoThread() {
        Set<Thread> before = ourThreads();
        runner.run(context -> {
            assertThat(context).hasSingleBean(CacheManager.class).hasSingleBean(CacheScopes.class);
            assertThat(ourThreads()).isSubsetOf(before);
        });
    }

    @Test
    void leftoversOfAnEarlierProcessStartTheSweeper() {
        try (CacheManager earlier = CacheManager.builder().root(root).build()) {
            earlier.create(CacheOptions.defaults().locked()).close();
        }
        Set<Thread> before = ourThreads();
        runner.run(context -> assertThat(ourThreads()).anyMatch(thread -> !before.contains(thread)));
    }

    @Test
    void theThreadsEndWithTheContext() {
        Set<Thread> before = ourThreads();
        runner.run(context -> {
            context.getBean(CacheManager.class).create().close();
            assertThat(ourThreads()).anyMatch(thread -> !before.contains(thread));
        });
        await().untilAsserted(() -> assertThat(ourThreads()).isSubsetOf(before));
    }

    /** Without those that report leaks, which serve every manager of the process. */
    private static Set<Thread> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("monolith"))
                .filter(thread -> !thread.getName().equals("monolith-cache-leaks"))
                .filter(thread -> !thread.getName().equals("monolith-cache-scope-leaks"))
                .collect(Collectors.toSet());
    }
}
