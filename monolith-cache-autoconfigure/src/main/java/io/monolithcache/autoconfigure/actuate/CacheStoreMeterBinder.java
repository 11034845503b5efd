// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.monolithcache.store.EvictionCause;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoreStatus;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one store: Micrometer's own of caches, and what they do not tell. Those have the tags that Boot gives
 * them, since some registries take no meter whose name is there with other tags.
 */
final class CacheStoreMeterBinder extends CacheMeterBinder<Store> {

    private static final String PREFIX = "monolith.cache.store.";

    /** What nobody asked for. */
    private static final List<EvictionCause> AUTOMATIC = List.of(
            EvictionCause.SIZE, EvictionCause.ENTRIES, EvictionCause.AGE, EvictionCause.IDLE, EvictionCause.SPACE);

    private final Store store;
    private final StoreWatch watch;
    private final Tags tags;

    /** While it is bound, Micrometer asks whether there are such counts: a start looks at no disk for that. */
    private volatile boolean isBound;

    CacheStoreMeterBinder(String name, Store store, StoreWatch watch) {
        super(store, name, List.of(Tag.of("cache.manager", "monolithCache"), Tag.of("name", name)));
        this.store = store;
        this.watch = watch;
        this.tags = Tags.of("store", name);
    }

    /** Not told here: it may not be known yet, which Micrometer asks for once only. */
    @Override
    protected @Nullable Long size() {
        return null;
    }

    @Override
    protected long hitCount() {
        return watch.count(StoreStatus::hits);
    }

    @Override
    protected Long missCount() {
        return isBound ? watch.count(StoreStatus::misses) : 0L;
    }

    @Override
    protected Long evictionCount() {
        return isBound ? watch.count(CacheStoreMeterBinder::automatic) : 0L;
    }

    private static long automatic(StoreStatus status) {
        return AUTOMATIC.stream().mapToLong(cause -> count(status, cause)).sum();
    }

    @Override
    protected long putCount() {
        return watch.count(StoreStatus::puts);
    }

    private static long count(StoreStatus status, EvictionCause cause) {
        return status.evictions().getOrDefault(cause, 0L);
    }

    @Override
    protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
        Gauge.builder("cache.size", store, any -> ifOpen(StoreStatus::entries))
                .tags(getTagsWithCacheName())
                .description("The number of entries in this cache, of all processes")
                .register(registry);
        gauge("size", () -> ifOpen(StoreStatus::bytes), "What the store takes on the disk")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        gauge("limit", () -> known(CacheStoreMeterBinder::limit), "What the store may take on the disk")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        gauge("fill", () -> ifOpen(CacheStoreMeterBinder::fill), "How much of the limits of the store is taken")
                .register(registry);
        for (EvictionCause cause : EvictionCause.values()) {
            count(
                    registry,
                    "evictions",
                    Tags.of("cause", CacheStoreDescriptor.word(cause)),
                    status -> count(status, cause),
                    "Entries that this process has removed, by why");
        }
        count(
                registry,
                "corrupt",
                Tags.empty(),
                status -> count(status, EvictionCause.CORRUPT),
                "Entries whose content was not what was written");
        count(registry, "rejected", Tags.empty(), StoreStatus::rejected, "Entries for which there was no room");
        // the last step of it
        isBound = true;
    }

    private Gauge.Builder<Store> gauge(String name, DoubleSupplier value, String description) {
        return Gauge.builder(PREFIX + name, store, any -> value.getAsDouble())
                .tags(tags)
                .description(description);
    }

    private void count(
            MeterRegistry registry, String name, Tags more, ToLongFunction<StoreStatus> count, String description) {
        FunctionCounter.builder(PREFIX + name, store, any -> watch.count(count))
                .tags(tags.and(more))
                .description(description)
                .register(registry);
    }

    /** Not a number where it is not known. */
    private double ifOpen(ToDoubleFunction<StoreStatus> value) {
        return known(status -> status.isOpen() ? value.applyAsDouble(status) : Double.NaN);
    }

    private double known(ToDoubleFunction<StoreStatus> value) {
        StoreStatus status = watch.now();
        return status == null ? Double.NaN : value.applyAsDouble(status);
    }

    private static double fill(StoreStatus status) {
        Double fill = StoreFill.of(status);
        return fill == null ? Double.NaN : fill;
    }

    private static double limit(StoreStatus status) {
        long most = status.limits().size();
        return most == Long.MAX_VALUE ? Double.NaN : most;
    }
}
