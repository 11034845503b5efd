// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.monolithcache.autoconfigure.CacheFilesAutoConfiguration;
import io.monolithcache.autoconfigure.ContextsOnOneRoot;
import io.monolithcache.store.Content;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoreBuilder;
import io.monolithcache.store.StoreLimits;
import io.monolithcache.store.index.JsonIndex;
import io.monolithcache.store.index.SqliteIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class CacheStoreMetricsTests extends ContextsOnOneRoot {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    /** Moves on with each look, so that every meter sees what is. */
    private final AtomicLong time = new AtomicLong();

    private void bind(String name, Store store) {
        new CacheStoreMeterBinder(name, store, new StoreWatch(store, () -> time.addAndGet(1_000_000_000L)))
                .bindTo(registry);
    }

    private StoreBuilder builder() {
        return Store.in(root.resolve("store")).index(SqliteIndex.FORMAT);
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    @Test
    void whatAStoreDoesIsCountedAsOfAnyCache() {
        try (Store store = builder().limits(StoreLimits.NONE.withEntries(2)).openOnFirstUse()) {
            bind("files", store);
            for (String key : List.of("a", "b", "c")) {
                store.put(key, Content.of(new byte[1]));
            }
            store.find("c").orElseThrow().close();
            assertThat(store.find("x")).isEmpty();
            store.remove("c");

            assertThat(counter("cache.gets", "cache", "files", "result", "hit")).isEqualTo(1);
            assertThat(counter("cache.gets", "cache", "files", "result", "miss"))
                    .isEqualTo(1);
            assertThat(counter("cache.puts", "cache", "files")).isEqualTo(3);
            assertThat(counter("cache.evictions", "cache", "files")).isEqualTo(1);
            assertThat(gauge("cache.size")).isEqualTo(1);
        }
    }

    @Test
    void spaceLimitsAndCausesAreTold() throws IOException {
        try (Store store = builder()
                .limits(StoreLimits.NONE.withSize(16_384).withEntries(2))
                .openOnFirstUse()) {
            bind("files", store);
            for (String key : List.of("a", "b", "c")) {
                store.put(key, Content.of(new byte[1]));
            }
            store.remove("b");
            truncate(root.resolve("store/content"));
            assertThat(store.find("c")).isEmpty();
            store.put("d", Content.of(new byte[1]));

            assertThat(gauge("monolith.cache.store.size")).isEqualTo(4_096);
            assertThat(gauge("monolith.cache.store.limit")).isEqualTo(16_384);
            assertThat(gauge("monolith.cache.store.fill")).isEqualTo(0.5);
            assertThat(counter("monolith.cache.store.evictions", "cause", "entries"))
                    .isEqualTo(1);
            assertThat(counter("monolith.cache.store.evictions", "cause", "request"))
                    .isEqualTo(1);
            assertThat(counter("monolith.cache.store.evictions", "cause", "size"))
                    .isZero();
            assertThat(counter("monolith.cache.store.corrupt")).isEqualTo(1);
            assertThat(counter("monolith.cache.store.rejected")).isZero();
        }
    }

    private static void truncate(Path content) throws IOException {
        try (Stream<Path> files = Files.walk(content)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.write(file, new byte[2]);
            }
        }
    }

    @Test
    void aStoreThatNobodyHasUsedIsNotOpened() {
        try (Store store = builder().openOnFirstUse()) {
            bind("files", store);

            assertThat(counter("cache.puts")).isZero();
            assertThat(gauge("cache.size")).isNaN();
            assertThat(gauge("monolith.cache.store.size")).isNaN();
            assertThat(gauge("monolith.cache.store.fill")).isNaN();
            assertThat(gauge("monolith.cache.store.limit")).isNaN();
            assertThat(root).isEmptyDirectory();

            store.put("a", Content.of(new byte[1]));
            assertThat(gauge("cache.size")).isEqualTo(1);
        }
    }

    @Test
    void aClosedStoreKeepsItsCountsAndHasNoSize() {
        Store store = builder().openOnFirstUse();
        bind("files", store);
        store.put("a", Content.of(new byte[1]));
        assertThat(counter("cache.puts")).isEqualTo(1);
        store.close();

        assertThat(counter("cache.puts")).isEqualTo(1);
        assertThat(gauge("cache.size")).isNaN();
    }

    @Test
    void metersThatAreReadTogetherShareALook() {
        AtomicLong still = new AtomicLong();
        try (Store store = builder().open()) {
            StoreWatch watch = new StoreWatch(store, still::get);
            assertThat(watch.count(status -> status.puts())).isZero();
            store.put("a", Content.of(new byte[1]));

            assertThat(watch.count(status -> status.puts())).isZero();
            still.addAndGet(500_000_000L);
            assertThat(watch.count(status -> status.puts())).isEqualTo(1);
        }
    }

    /** Prometheus takes no meter whose name is there with other tags. */
    @Test
    void theTagsAreThoseOfBootsCaches() {
        try (Store store = builder().openOnFirstUse()) {
            bind("files", store);

            assertThat(registry.get("cache.puts").meter().getId().getTags())
                    .extracting(Tag::getKey)
                    .containsExactlyInAnyOrder("cache", "cache.manager", "name");
            assertThat(registry.getMeters())
                    .filteredOn(meter -> meter.getId().getName().startsWith("monolith."))
                    .allSatisfy(
                            meter -> assertThat(meter.getId().getTag("store")).isEqualTo("files"));
        }
    }

    @Test
    void prometheusShowsSeveralStores() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Store one = builder().openOnFirstUse();
                Store two =
                        Store.in(root.resolve("two")).index(JsonIndex.FORMAT).openOnFirstUse()) {
            new CacheStoreMetrics(() -> Map.of("one", one, "two", two)).bindTo(prometheus);

            assertThat(prometheus.scrape())
                    .contains("cache_puts_total{cache=\"one\",cache_manager=\"monolithCache\",name=\"one\"} 0.0")
                    .contains("monolith_cache_store_evictions_total{cause=\"size\",store=\"one\"} 0.0")
                    .contains("monolith_cache_store_size_bytes{store=\"two\"} NaN");
        }
    }

    @Test
    void anApplicationHasThemWhereItHasARegistry() {
        ApplicationContextRunner runner = contextsWith(
                CacheFilesAutoConfiguration.class,
                CacheStoreMetricsAutoConfiguration.class,
                MetricsAutoConfiguration.class);
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheStoreMetrics.class));
        runner.withBean(SimpleMeterRegistry.class)
                .run(context -> assertThat(context.getBean(MeterRegistry.class).getMeters())
                        .extracting(Meter::getId)
                        .extracting(Meter.Id::getName)
                        .contains("cache.gets", "cache.size", "monolith.cache.store.size"));
        runner.withBean(SimpleMeterRegistry.class)
                .withPropertyValues("monolith.cache.files.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheStoreMetrics.class));
        assertThat(root).isEmptyDirectory();
    }
}
