// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.store.Store;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.beans.factory.ListableBeanFactory;

/** The stores of an application by what people call them; where two are called the same, by their beans. */
final class CacheStoreNames {

    private CacheStoreNames() {}

    static SortedMap<String, Store> of(ListableBeanFactory beans) {
        return of(beans.getBeansOfType(Store.class, false, false));
    }

    static SortedMap<String, Store> of(Map<String, Store> beans) {
        SortedMap<String, Store> stores = new TreeMap<>();
        beans.forEach((bean, store) -> {
            boolean isOnlyOne = beans.values().stream()
                            .filter(other -> other.name().equals(store.name()))
                            .count()
                    == 1;
            stores.put(isOnlyOne ? store.name() : bean, store);
        });
        return stores;
    }
}
