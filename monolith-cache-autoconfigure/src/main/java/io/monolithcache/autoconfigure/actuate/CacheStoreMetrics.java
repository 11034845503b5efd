// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.monolithcache.store.Store;
import java.util.Map;
import java.util.function.Supplier;

/** Shows what the stores of an application do to any number of registries. */
final class CacheStoreMetrics implements MeterBinder {

    private final Supplier<? extends Map<String, Store>> stores;

    /** @param stores by their names; asked for when a registry is bound */
    CacheStoreMetrics(Supplier<? extends Map<String, Store>> stores) {
        this.stores = stores;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        stores.get()
                .forEach(
                        (name, store) -> new CacheStoreMeterBinder(name, store, new StoreWatch(store, System::nanoTime))
                                .bindTo(registry));
    }
}
