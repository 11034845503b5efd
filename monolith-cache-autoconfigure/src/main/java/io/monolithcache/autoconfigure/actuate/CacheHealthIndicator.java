// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.autoconfigure.actuate.StorageLook.Seen;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Health of the cache directories: {@link Status#DOWN} where none can be created, or a storage or its registry does not
 * answer, {@link Status#OUT_OF_SERVICE} where one still can, but little space is left. It only looks: it makes, writes
 * and wipes nothing. How the last sweep ended is told and changes no status, since directories work without it.
 *
 * <p>One storage is described by itself, several each under its name, first the one where new directories live.
 */
final class CacheHealthIndicator implements HealthIndicator {

    private final List<StorageLook> storages;
    private final LastSweep lastSweep;

    CacheHealthIndicator(List<StorageLook> storages, LastSweep lastSweep) {
        this.storages = List.copyOf(storages);
        this.lastSweep = lastSweep;
    }

    @Override
    public Health health() {
        Map<String, Supplier<Seen>> begun = new LinkedHashMap<>();
        storages.forEach(storage -> begun.put(storage.name(), storage.begin()));
        Health.Builder health = new Health.Builder().up();
        begun.forEach((name, look) -> {
            Seen seen = look.get();
            worsen(health, seen.status());
            Map<String, Object> details = new LinkedHashMap<>(seen.details());
            Map<String, Object> sweep = lastSweep.details(name);
            if (sweep != null) {
                details.put("lastSweep", sweep);
            }
            if (begun.size() == 1) {
                health.withDetails(details);
            } else {
                health.withDetail(name, details);
            }
        });
        return health.build();
    }

    private static void worsen(Health.Builder health, Status status) {
        if (status.equals(Status.DOWN)) {
            health.down();
        } else if (status.equals(Status.OUT_OF_SERVICE)
                && !health.build().getStatus().equals(Status.DOWN)) {
            health.outOfService();
        }
    }
}
