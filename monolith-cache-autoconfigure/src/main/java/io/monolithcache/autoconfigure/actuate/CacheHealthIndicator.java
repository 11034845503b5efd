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
 * Health of the cache directories and of the stores: {@link Status#DOWN} where none can be created, or a storage or its
 * registry does not answer, {@link Status#OUT_OF_SERVICE} where one still can, but little space is left. It only looks:
 * it makes, writes and wipes nothing. How the last sweep ended is told and changes no status, since directories work
 * without it.
 *
 * <p>One storage is described by itself, several each under its name, first the one where new directories live. Stores
 * are described under {@code stores}, each under its name, see {@link StoreLook}.
 */
final class CacheHealthIndicator implements HealthIndicator {

    private final List<StorageLook> storages;
    private final LastSweep lastSweep;
    private final List<StoreLook> stores;

    CacheHealthIndicator(List<StorageLook> storages, LastSweep lastSweep, List<StoreLook> stores) {
        this.storages = List.copyOf(storages);
        this.lastSweep = lastSweep;
        this.stores = List.copyOf(stores);
    }

    @Override
    public Health health() {
        Map<String, Supplier<Seen>> begun = new LinkedHashMap<>();
        storages.forEach(storage -> begun.put(storage.name(), storage.begin()));
        Map<String, Supplier<Seen>> begunStores = new LinkedHashMap<>();
        stores.forEach(store -> begunStores.put(store.name(), store.begin()));
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
        Map<String, Object> seenStores = new LinkedHashMap<>();
        begunStores.forEach((name, look) -> {
            Seen seen = look.get();
            worsen(health, seen.status());
            seenStores.put(name, seen.details());
        });
        if (!seenStores.isEmpty()) {
            health.withDetail("stores", seenStores);
        }
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
