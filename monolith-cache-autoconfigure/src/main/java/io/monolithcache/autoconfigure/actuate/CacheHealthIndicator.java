// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.RegistryStatus;
import io.monolithcache.directory.StorageStatus;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.unit.DataSize;

/**
 * Health of the cache directories: {@link Status#DOWN} where none can be created, or the storage or the registry does
 * not answer, {@link Status#OUT_OF_SERVICE} where one still can, but little space is left. It only looks: it makes,
 * writes and wipes nothing. How the last sweep ended is told and changes no status, since directories work without it.
 */
final class CacheHealthIndicator implements HealthIndicator {

    private final BoundedLook<StorageStatus> storage;
    private final BoundedLook<RegistryStatus> registry;
    private final DataSize minFreeSpace;
    private final LastSweep lastSweep;

    CacheHealthIndicator(
            BoundedLook<StorageStatus> storage,
            BoundedLook<RegistryStatus> registry,
            DataSize minFreeSpace,
            LastSweep lastSweep) {
        this.storage = storage;
        this.registry = registry;
        this.minFreeSpace = minFreeSpace;
        this.lastSweep = lastSweep;
    }

    @Override
    public Health health() {
        Health.Builder health = new Health.Builder();
        Supplier<StorageStatus> looked = storage.begin();
        Supplier<RegistryStatus> asked = registry.begin();
        try {
            describe(looked.get(), health);
        } catch (CacheException | IllegalStateException failure) {
            health.down().withDetail("error", String.valueOf(failure.getMessage()));
        }
        try {
            health.withDetail("registry", details(asked.get()));
        } catch (CacheException | IllegalStateException failure) {
            health.down().withDetail("registry", Map.of("error", String.valueOf(failure.getMessage())));
        }
        Map<String, Object> sweep = lastSweep.details();
        if (sweep != null) {
            health.withDetail("lastSweep", sweep);
        }
        return health.build();
    }

    private void describe(StorageStatus status, Health.Builder health) {
        health.up()
                .withDetail("storage", status.storage())
                .withDetail("location", status.location())
                .withDetail("inUse", status.inUse());
        Long free = status.freeSpace();
        if (free != null) {
            health.withDetail("free", free).withDetail("threshold", minFreeSpace.toBytes());
            if (free < minFreeSpace.toBytes()) {
                health.outOfService();
            }
        }
        Long total = status.totalSpace();
        if (total != null) {
            health.withDetail("total", total);
        }
    }

    private static Map<String, Object> details(RegistryStatus status) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("name", status.name());
        String namespace = status.namespace();
        if (namespace != null) {
            details.put("namespace", namespace);
        }
        Duration answeredIn = status.answeredIn();
        if (answeredIn != null) {
            details.put("answeredIn", answeredIn.truncatedTo(ChronoUnit.MICROS));
        }
        Duration leaseAge = status.leaseAge();
        if (leaseAge != null) {
            details.put("leaseAge", leaseAge.truncatedTo(ChronoUnit.MILLIS));
        }
        return details;
    }
}
