// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.monolithcache.store.index.EntryHash;
import org.jspecify.annotations.Nullable;

/** Keeps so many bytes of values, in Caffeine. */
final class CaffeineTier implements MemoryTier {

    /** About what the objects around the bytes take. */
    private static final int OVERHEAD = 256;

    private final Cache<EntryHash, Versioned> values;

    private record Versioned(int version, StoredValue value) {}

    CaffeineTier(long bytes) {
        this.values = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((EntryHash hash, Versioned kept) ->
                        OVERHEAD + (int) kept.value().length())
                .executor(Runnable::run)
                .build();
    }

    @Override
    public @Nullable StoredValue find(EntryHash hash, int version) {
        Versioned kept = values.getIfPresent(hash);
        return kept == null || kept.version() != version ? null : kept.value();
    }

    @Override
    public void keep(EntryHash hash, int version, StoredValue value) {
        values.put(hash, new Versioned(version, value.shared()));
    }
}
