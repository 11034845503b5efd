// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheInstrumentation;
import java.util.function.Supplier;

/**
 * Observes {@code monolith.cache.create} and {@code monolith.cache.wipe}. Both have one key, {@code storage}, of low
 * cardinality; no id is ever one. The parent of a wipe is what its thread was observed doing when the cache was wiped,
 * also when the files are deleted later.
 */
final class CacheObservations implements CacheInstrumentation {

    private final ObservationRegistry registry;

    CacheObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public CacheDirectory create(String storage, Supplier<CacheDirectory> creation) {
        return registry.isNoop()
                ? creation.get()
                : observation("create", storage).observe(creation);
    }

    @Override
    public Runnable wipe(String storage, Runnable deletion) {
        if (registry.isNoop()) {
            return deletion;
        }
        Observation observation = observation("wipe", storage);
        return () -> observation.observe(deletion);
    }

    private Observation observation(String operation, String storage) {
        return Observation.createNotStarted("monolith.cache." + operation, registry)
                .contextualName(operation + " cache directory")
                .lowCardinalityKeyValue("storage", storage);
    }
}
