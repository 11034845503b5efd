// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.monolithcache.autoconfigure.ContextsOnOneRoot;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheManagerBuilder;
import io.monolithcache.directory.SweepReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What is counted, as one registry shows it. */
class CacheDirectoryMetricsTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(MetricsAutoConfiguration.class, CacheMetricsAutoConfiguration.class)
                .withPropertyValues("monolith.cache.directories.sweep-interval=0")
                .withBean(SimpleMeterRegistry.class);
    }

    @Test
    void activeIsWhatTheProcessReferencesNow() {
        runner.run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(gauge(registry, "monolith.cache.directories.active")).isZero();

            CacheDirectory cache = manager.create();
            manager.attach(cache.id());
            assertThat(gauge(registry, "monolith.cache.directories.active")).isOne();

            manager.close();
            assertThat(gauge(registry, "monolith.cache.directories.active")).isZero();
        });
    }

    @Test
    void creationsAndWipesAreCounted() {
        runner.run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            MeterRegistry registry = context.getBean(MeterRegistry.class);

            manager.create().close();
            manager.create();

            assertThat(count(registry, "monolith.cache.directories.creations")).isEqualTo(2);
            assertThat(count(registry, "monolith.cache.directories.wiped")).isEqualTo(1);
            assertThat(count(registry, "monolith.cache.directories.reclaimed")).isZero();
        });
    }

    @Test
    void whatASweepWipesIsReclaimedAndItsTimeIsTaken() {
        runner.run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            manager.create();
            leaveACacheBehind();

            SweepReport report = manager.sweep();

            assertThat(count(registry, "monolith.cache.directories.reclaimed")).isEqualTo(1);
            assertThat(count(registry, "monolith.cache.directories.wiped")).isEqualTo(1);
            Timer sweep = registry.get("monolith.cache.sweep").timer();
            assertThat(sweep.count()).isEqualTo(1);
            assertThat(sweep.totalTime(TimeUnit.NANOSECONDS))
                    .isEqualTo((double) report.duration().toNanos());
        });
    }

    /** As a process does that dies in the middle of a wipe. */
    private void leaveACacheBehind() throws IOException {
        Files.createDirectory(root.resolve("monolith-cache/caches/01k8xq7d3v9m2c4n6p8r0s1t5w"));
    }

    @Test
    void whatIsLostIsCounted() {
        runner.run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);

            manager.evictForcibly(manager.create().id());

            assertThat(count(context.getBean(MeterRegistry.class), "monolith.cache.directories.lost"))
                    .isEqualTo(1);
        });
    }

    @Test
    void whatLeaksIsCounted() {
        runner.run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            context.getBean(CacheManager.class).create();

            await().untilAsserted(() -> {
                System.gc();
                assertThat(count(registry, "monolith.cache.directories.leaked")).isEqualTo(1);
            });
        });
    }

    @Test
    void sweepsThatWereSkippedOrFailedAreCountedByThemselves() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (CacheManager manager = CacheManager.builder().root(root).build()) {
            CacheDirectoryMetrics metrics = new CacheDirectoryMetrics(() -> manager);
            metrics.bindTo(registry);

            metrics.swept(SweepReport.skipped("another sweep is under way"));
            metrics.sweepFailed(new CacheBackendException("no", null));

            assertThat(count(registry, "monolith.cache.sweep.skipped")).isEqualTo(1);
            assertThat(count(registry, "monolith.cache.sweep.failed")).isEqualTo(1);
            assertThat(registry.get("monolith.cache.sweep").timer().count()).isZero();
        }
    }

    @Test
    void aSweepThatEndsBeforeARegistryIsThereIsNotForgotten() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (CacheManager manager = CacheManager.builder().root(root).build()) {
            CacheDirectoryMetrics metrics = new CacheDirectoryMetrics(() -> manager);
            metrics.swept(new SweepReport(null, 1, 2, 0, 2, 0, Duration.ofMillis(20)));

            metrics.bindTo(registry);
            metrics.swept(new SweepReport(null, 0, 0, 0, 0, 0, Duration.ofMillis(10)));

            assertThat(count(registry, "monolith.cache.directories.reclaimed")).isEqualTo(2);
            Timer sweep = registry.get("monolith.cache.sweep").timer();
            assertThat(sweep.count()).isEqualTo(2);
            assertThat(sweep.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
        }
    }

    @Test
    void theFreeSpaceOfTheDiskIsShown() {
        runner.run(context -> assertThat(gauge(context.getBean(MeterRegistry.class), "monolith.cache.disk.free"))
                .isBetween(1.0, (double) Files.getFileStore(root).getTotalSpace()));
    }

    @Test
    void theFreeSpaceOfAStorageThatCannotBeUsedIsNotANumber() {
        runner.run(context -> {
            context.getBean(CacheManager.class).close();
            assertThat(gauge(context.getBean(MeterRegistry.class), "monolith.cache.disk.free"))
                    .isNaN();
        });
    }

    @Test
    void noMeterHasATagSoNoIdCanBeOne() {
        runner.run(context -> {
            context.getBean(CacheManager.class).create().close();
            List<Meter> ours = context.getBean(MeterRegistry.class).getMeters().stream()
                    .filter(meter -> meter.getId().getName().startsWith("monolith."))
                    .toList();
            assertThat(ours).hasSize(10).allSatisfy(meter -> {
                assertThat(Tags.of(meter.getId().getTags())).isEmpty();
                assertThat(meter.getId().getDescription()).isNotBlank();
            });
        });
    }

    @Test
    void aManagerOfTheApplicationIsCountedIfItTakesTheListeners() {
        runner.withUserConfiguration(WithAManager.class).run(context -> {
            context.getBean(CacheManager.class).create();
            assertThat(count(context.getBean(MeterRegistry.class), "monolith.cache.directories.creations"))
                    .isEqualTo(1);
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class WithAManager {

        @Bean
        CacheManager ours(Environment environment, ObjectProvider<CacheListener> listeners) {
            CacheManagerBuilder builder =
                    CacheManager.builder().root(Path.of(environment.getRequiredProperty("monolith.cache.local.path")));
            listeners.orderedStream().forEach(builder::listener);
            return builder.build();
        }
    }

    @Test
    void withoutARegistryThereIsNothing() {
        contextsWith(CacheMetricsAutoConfiguration.class)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheDirectoryMetrics.class));
    }

    @Test
    void withoutAManagerThereIsNothing() {
        runner.withPropertyValues("monolith.cache.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheDirectoryMetrics.class));
    }

    private static double gauge(MeterRegistry registry, String name) {
        return registry.get(name).gauge().value();
    }

    private static double count(MeterRegistry registry, String name) {
        return registry.get(name).functionCounter().count();
    }
}
