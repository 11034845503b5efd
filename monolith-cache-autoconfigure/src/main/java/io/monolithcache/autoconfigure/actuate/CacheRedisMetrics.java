// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.monolithcache.directory.redis.RedisRegistryListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts what a registry does with Redis. There are no meters before its first command: another may be in use. */
final class CacheRedisMetrics implements RedisRegistryListener, MeterBinder {

    private static final String REDIS = "monolith.cache.redis.";

    /** More of them than this are forgotten: there may never be a registry of meters. */
    private static final int MOST_EARLY = 100;

    private final LongSupplier nanoTime;
    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
    private final LongAdder recoveries = new LongAdder();
    private final LongAdder registered = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private volatile boolean used;
    private volatile @Nullable Long renewed;

    /** Guarded by this: what ran before any registry was there. */
    private final List<Ran> early = new ArrayList<>();

    CacheRedisMetrics(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private record Ran(String command, Duration time, boolean answered) {

        void recordIn(MeterRegistry registry) {
            Timer.builder(REDIS + "commands")
                    .description("Time that commands took, by what became of them")
                    .tag("command", command)
                    .tag("outcome", answered ? "success" : "failure")
                    .register(registry)
                    .record(time);
        }
    }

    @Override
    public void ran(String command, Duration time, boolean answered) {
        Ran ran = new Ran(command, time, answered);
        if (!used || registries.isEmpty()) {
            begin(ran);
        }
        registries.forEach(ran::recordIn);
    }

    private synchronized void begin(Ran ran) {
        if (!used) {
            used = true;
            registries.forEach(this::addTo);
        }
        if (registries.isEmpty() && early.size() < MOST_EARLY) {
            early.add(ran);
        }
    }

    @Override
    public void renewed() {
        renewed = nanoTime.getAsLong();
    }

    @Override
    public void recovered(int registered, int lost) {
        recoveries.increment();
        this.registered.add(registered);
        this.lost.add(lost);
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (used) {
            addTo(registry);
        }
        early.forEach(ran -> ran.recordIn(registry));
        registries.add(registry);
    }

    private void addTo(MeterRegistry registry) {
        TimeGauge.builder(REDIS + "lease.age", this, TimeUnit.NANOSECONDS, CacheRedisMetrics::leaseAge)
                .description("Time since this process took or renewed its lease")
                .register(registry);
        count(registry, "recoveries", recoveries, "How often this process told Redis again what it holds");
        count(registry, "registered", registered, "References that it told again");
        count(registry, "lost", lost, "References that it found to be lost then");
    }

    /** Not a number while there is no lease. */
    private double leaseAge() {
        Long last = renewed;
        return last == null ? Double.NaN : nanoTime.getAsLong() - last;
    }

    private static void count(MeterRegistry registry, String name, LongAdder count, String description) {
        FunctionCounter.builder(REDIS + name, count, LongAdder::sum)
                .description(description)
                .register(registry);
    }
}
