// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.monolithcache.autoconfigure.s3.S3RequestListener;
import io.monolithcache.directory.s3.S3Progress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the caches ask of S3. There are no meters before the first request: S3 may not be in use. */
final class CacheS3Metrics implements S3RequestListener, S3Progress, MeterBinder {

    private static final String S3 = "monolith.cache.s3.";

    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
    private final LongAdder bytes = new LongAdder();
    private volatile boolean used;

    @Override
    public void ended(String operation, Duration time, boolean answered) {
        if (!used) {
            begin();
        }
        for (MeterRegistry registry : registries) {
            Timer.builder(S3 + "requests")
                    .description("Time that requests took, by what became of them")
                    .tag("operation", operation)
                    .tag("outcome", answered ? "success" : "failure")
                    .register(registry)
                    .record(time);
        }
    }

    private synchronized void begin() {
        if (!used) {
            used = true;
            registries.forEach(this::addTo);
        }
    }

    @Override
    public void transferred(String location, long count, long total) {
        bytes.add(count);
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (used) {
            addTo(registry);
        }
        registries.add(registry);
    }

    private void addTo(MeterRegistry registry) {
        FunctionCounter.builder(S3 + "transferred", bytes, LongAdder::sum)
                .description("Bytes of files that were sent and received in whole parts")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }
}
