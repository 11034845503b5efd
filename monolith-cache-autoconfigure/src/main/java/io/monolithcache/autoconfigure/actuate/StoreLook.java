// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.autoconfigure.actuate.StorageLook.Seen;
import io.monolithcache.directory.CacheException;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoreException;
import io.monolithcache.store.StoreLimits;
import io.monolithcache.store.StoreRootException;
import io.monolithcache.store.StoreStatus;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Status;

/**
 * Looks at one store: {@link Status#DOWN} where nothing can be stored, {@link Status#OUT_OF_SERVICE} where it is in use
 * and its limits cannot be kept. A store that was not used is not opened, and how full its disk is matters to nobody.
 */
final class StoreLook {

    private final String name;
    private final BoundedLook<StoreStatus> look;

    StoreLook(String name, Store store, Duration limit) {
        this.name = name;
        this.look = new BoundedLook<>("store " + name, () -> status(store), limit);
    }

    private static StoreStatus status(Store store) {
        StoreStatus status = store.status();
        if (status.isOpen() && !Files.isWritable(status.root())) {
            throw new StoreRootException(
                    "The root of the store, " + status.root() + ", is read-only for this process.",
                    "Make it writable.");
        }
        return status;
    }

    String name() {
        return name;
    }

    /** Begins to look, and hands out what waits for it: to look at several takes no longer than at one. */
    Supplier<Seen> begin() {
        Supplier<StoreStatus> looked = look.begin();
        return () -> describe(looked);
    }

    private static Seen describe(Supplier<StoreStatus> looked) {
        try {
            return describe(looked.get());
        } catch (StoreException | CacheException | IllegalStateException failure) {
            return new Seen(Status.DOWN, Map.of("error", String.valueOf(failure.getMessage())));
        }
    }

    private static Seen describe(StoreStatus status) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("location", status.root().toUri());
        details.put("inUse", status.isOpen());
        details.put("free", status.freeBytes());
        details.put("keepFree", status.limits().keepFree());
        if (!status.isOpen()) {
            return new Seen(Status.UP, details);
        }
        details.put("size", status.bytes());
        details.put("entries", status.entries());
        Double fill = StoreFill.of(status);
        if (fill != null) {
            details.put("fill", fill);
        }
        details.put("unlisted", status.unlisted());
        String problem = problem(status);
        if (problem != null) {
            details.put("problem", problem);
        }
        return new Seen(problem == null ? Status.UP : Status.OUT_OF_SERVICE, details);
    }

    private static @Nullable String problem(StoreStatus status) {
        StoreLimits limits = status.limits();
        if (status.freeBytes() + status.bytes() < limits.keepFree()) {
            return "The disk would not have the free space that is to be kept, even if the store were empty";
        }
        return status.bytes() > limits.size() || status.entries() > limits.entries()
                ? "More is locked or in use than the limits allow"
                : null;
    }
}
