// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CacheRedisMetricsTests {

    private final AtomicLong time = new AtomicLong();
    private final CacheRedisMetrics metrics = new CacheRedisMetrics(time::get);
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void thereAreNoMetersBeforeTheFirstCommand() {
        metrics.bindTo(registry);

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void commandsAreTimedByNameAndOutcome() {
        metrics.bindTo(registry);
        metrics.ran("create", Duration.ofMillis(2), true);
        metrics.ran("create", Duration.ofMillis(4), true);
        metrics.ran("create", Duration.ofSeconds(2), false);

        assertThat(commands("create", "success").count()).isEqualTo(2);
        assertThat(commands("create", "success").totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(6);
        assertThat(commands("create", "failure").count()).isEqualTo(1);
    }

    private Timer commands(String command, String outcome) {
        return registry.get("monolith.cache.redis.commands")
                .tags("command", command, "outcome", outcome)
                .timer();
    }

    @Test
    void whatRanBeforeTheMetersWereThereIsToldToEachOfThem() {
        metrics.ran("lease", Duration.ofMillis(1), true);
        MeterRegistry other = new SimpleMeterRegistry();

        metrics.bindTo(registry);
        metrics.bindTo(other);
        metrics.ran("lease", Duration.ofMillis(1), true);

        assertThat(registry.get("monolith.cache.redis.commands").timer().count())
                .isEqualTo(2);
        assertThat(other.get("monolith.cache.redis.commands").timer().count()).isEqualTo(2);
        assertThat(other.find("monolith.cache.redis.lease.age").timeGauge()).isNotNull();
    }

    @Test
    void onlySoMuchIsRemembered() {
        for (int i = 0; i < 150; i++) {
            metrics.ran("create", Duration.ofMillis(1), true);
        }
        metrics.bindTo(registry);

        assertThat(commands("create", "success").count()).isEqualTo(100);
    }

    @Test
    void theLeaseAgesUntilItIsRenewed() {
        metrics.bindTo(registry);
        metrics.ran("find", Duration.ZERO, true);
        assertThat(leaseAge()).isNaN();

        metrics.renewed();
        time.addAndGet(TimeUnit.SECONDS.toNanos(7));
        assertThat(leaseAge()).isEqualTo(7);

        metrics.renewed();
        assertThat(leaseAge()).isZero();
    }

    private double leaseAge() {
        return registry.get("monolith.cache.redis.lease.age").timeGauge().value(TimeUnit.SECONDS);
    }

    @Test
    void recoveriesAreCountedWithWhatTheyToldAndFoundLost() {
        metrics.bindTo(registry);
        metrics.ran("lease", Duration.ZERO, true);

        metrics.recovered(5, 1);
        metrics.recovered(3, 0);

        assertThat(count("recoveries")).isEqualTo(2);
        assertThat(count("registered")).isEqualTo(8);
        assertThat(count("lost")).isEqualTo(1);
    }

    @Test
    void theMetersAreThoseOfTheDocumentation() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("basedir", "."), "../docs/observability.md"));
        Map<String, String> documented = Pattern.compile(
                        "^\\| `(monolith\\.cache\\.redis\\.[^`]+)` \\| (gauge|counter|timer) \\|", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
        metrics.bindTo(registry);
        metrics.ran("lease", Duration.ZERO, true);

        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .allSatisfy(id -> assertThat(documented)
                        .containsEntry(id.getName(), id.getType().name().toLowerCase(Locale.ROOT)))
                .hasSameSizeAs(documented.entrySet());
    }

    private double count(String name) {
        return registry.get("monolith.cache.redis." + name).functionCounter().count();
    }
}
