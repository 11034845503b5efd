// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.StorageStatus;
import io.monolithcache.directory.SweepReport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts what a manager does, from its creation on, and shows the counts to any number of registries. There are no
 * tags: every meter would have the same.
 *
 * <p>No name ends in {@code created}: that suffix is reserved in OpenMetrics, and Prometheus' client cuts it off.
 */
final class CacheDirectoryMetrics implements CacheListener, MeterBinder {

    private static final String DIRECTORIES = "monolith.cache.directories.";
    private static final String SWEEP = "monolith.cache.sweep";
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

    /** More of them than this are forgotten: there may never be a registry. */
    private static final int MOST_EARLY = 100;

    private final Supplier<CacheManager> manager;
    private final LongAdder creations = new LongAdder();
    private final LongAdder wiped = new LongAdder();
    private final LongAdder reclaimed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder leaked = new LongAdder();
    private final LongAdder skippedSweeps = new LongAdder();
    private final LongAdder failedSweeps = new LongAdder();

    /** Guarded by this: where sweeps are recorded, and those that ended before any registry was there. */
    private final List<Timer> timers = new ArrayList<>();

    private final List<Duration> earlySweeps = new ArrayList<>();

    /** @param manager asked when a registry is bound, since the manager itself is made with this as its listener */
    CacheDirectoryMetrics(Supplier<CacheManager> manager) {
        this.manager = manager;
    }

    @Override
    public void created(CacheId id, URI location) {
        creations.increment();
    }

    @Override
    public void wiped(CacheId id, URI location) {
        wiped.increment();
    }

    @Override
    public void lost(CacheId id, URI location) {
        lost.increment();
    }

    @Override
    public void leaked(CacheId id, URI location) {
        leaked.increment();
    }

    @Override
    public void swept(SweepReport report) {
        if (report.skipped() == null) {
            reclaimed.add(report.directories());
            record(report.duration());
        } else {
            skippedSweeps.increment();
        }
    }

    @Override
    public void sweepFailed(RuntimeException failure) {
        failedSweeps.increment();
    }

    private synchronized void record(Duration sweep) {
        if (timers.isEmpty() && earlySweeps.size() < MOST_EARLY) {
            earlySweeps.add(sweep);
        }
        timers.forEach(timer -> timer.record(sweep));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        CacheManager watched = manager.get();
        Gauge.builder(DIRECTORIES + "active", watched, CacheManager::held)
                .description("Cache directories that this process references now")
                .register(registry);
        count(registry, DIRECTORIES + "creations", creations, "Cache directories that this process has created");
        count(registry, DIRECTORIES + "wiped", wiped, "Cache directories that this process has wiped");
        count(registry, DIRECTORIES + "reclaimed", reclaimed, "Those of them that a sweep wiped");
        count(registry, DIRECTORIES + "lost", lost, "Cache directories that were taken from this process");
        count(registry, DIRECTORIES + "leaked", leaked, "Handles that were dropped without being closed");
        count(registry, SWEEP + ".skipped", skippedSweeps, "Sweeps that left the work to another one");
        count(registry, SWEEP + ".failed", failedSweeps, "Sweeps that failed");
        Gauge.builder(
                        "monolith.cache.disk.free",
                        new BoundedLook<>("storage", () -> watched.status(disk(watched)), LONGEST_LOOK),
                        CacheDirectoryMetrics::freeSpace)
                .description("Space that is left for cache directories")
                .baseUnit(BaseUnits.BYTES)
                .strongReference(true)
                .register(registry);
        time(Timer.builder(SWEEP).description("Time that sweeps took").register(registry));
    }

    /** The local disk where there is one: the others have no end. */
    private static String disk(CacheManager watched) {
        List<String> storages = watched.storages();
        return storages.contains("local") ? "local" : storages.get(0);
    }

    private static void count(MeterRegistry registry, String name, LongAdder count, String description) {
        FunctionCounter.builder(name, count, LongAdder::sum)
                .description(description)
                .register(registry);
    }

    private synchronized void time(Timer timer) {
        earlySweeps.forEach(timer::record);
        timers.add(timer);
    }

    /** Not a number where none is known: of a storage without a limit, or of one that cannot be used. */
    private static double freeSpace(BoundedLook<StorageStatus> look) {
        try {
            Long free = look.get().freeSpace();
            return free == null ? Double.NaN : free;
        } catch (CacheException | IllegalStateException unknown) {
            return Double.NaN;
        }
    }
}
