// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.RegistryStatus;
import io.monolithcache.directory.StorageStatus;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.unit.DataSize;

/** Looks at one storage of a manager and at its registry, both at the same time. */
final class StorageLook {

    private final String name;
    private final BoundedLook<StorageStatus> storage;
    private final BoundedLook<RegistryStatus> registry;
    private final DataSize minFreeSpace;

    StorageLook(CacheManager manager, String name, DataSize minFreeSpace, Duration limit) {
        this(
                name,
                new BoundedLook<>("storage", () -> manager.status(name), limit),
                new BoundedLook<>("registry", () -> manager.registryStatus(name), limit),
                minFreeSpace);
    }

    StorageLook(
            String name,
            BoundedLook<StorageStatus> storage,
            BoundedLook<RegistryStatus> registry,
            DataSize minFreeSpace) {
        this.name = name;
        this.storage = storage;
        this.registry = registry;
        this.minFreeSpace = minFreeSpace;
    }

    String name() {
        return name;
    }

    /** What was seen of it, to be shown. */
    record Seen(Status status, Map<String, Object> details) {}

    /** Begins to look, and hands out what waits for it: to look at several takes no longer than at one. */
    Supplier<Seen> begin() {
        Supplier<StorageStatus> looked = storage.begin();
        Supplier<RegistryStatus> asked = registry.begin();
        return () -> describe(looked, asked);
    }

    private Seen describe(Supplier<StorageStatus> looked, Supplier<RegistryStatus> asked) {
        Map<String, Object> details = new LinkedHashMap<>();
        Status status;
        try {
            status = describe(looked.get(), details);
        } catch (CacheException | IllegalStateException failure) {
            details.put("error", String.valueOf(failure.getMessage()));
            status = Status.DOWN;
        }
        try {
            details.put("registry", details(asked.get()));
        } catch (CacheException | IllegalStateException failure) {
            details.put("registry", Map.of("error", String.valueOf(failure.getMessage())));
            status = Status.DOWN;
        }
        return new Seen(status, details);
    }

    private Status describe(StorageStatus status, Map<String, Object> details) {
        details.put("storage", status.storage());
        details.put("location", status.location());
        details.put("inUse", status.inUse());
        Status health = Status.UP;
        Long free = status.freeSpace();
        if (free != null) {
            details.put("free", free);
            details.put("threshold", minFreeSpace.toBytes());
            health = free < minFreeSpace.toBytes() ? Status.OUT_OF_SERVICE : Status.UP;
        }
        Long total = status.totalSpace();
        if (total != null) {
            details.put("total", total);
        }
        return health;
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
