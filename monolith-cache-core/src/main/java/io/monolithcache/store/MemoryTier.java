// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import org.jspecify.annotations.Nullable;

/** Keeps values in memory, each with the version that it had; whoever asks tells which version holds. */
interface MemoryTier {

    MemoryTier NONE = new MemoryTier() {
        @Override
        public @Nullable StoredValue find(EntryHash hash, int version) {
            return null;
        }

        @Override
        public void keep(EntryHash hash, int version, StoredValue value) {}
    };

    @Nullable StoredValue find(EntryHash hash, int version);

    void keep(EntryHash hash, int version, StoredValue value);
}
