// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Remembers what entries take on the disk, as far as there is room, so that replacing one needs not look. */
final class Sizes {

    private static final int PLACES = 1 << 12;

    private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

    private record Known(EntryHash hash, int version, long bytes) {}

    /** Null if that is not known of this version. */
    @Nullable Usage find(EntryHash hash, int version) {
        Known known = places.get(hash.spread(PLACES));
        return known != null && known.version() == version && known.hash().equals(hash)
                ? new Usage(known.bytes(), 1)
                : null;
    }

    void keep(EntryHash hash, int version, long bytes) {
        places.set(hash.spread(PLACES), new Known(hash, version, bytes));
    }
}
