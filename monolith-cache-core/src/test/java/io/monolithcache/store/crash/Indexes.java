// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import io.monolithcache.store.MemoryIndex;
import io.monolithcache.store.index.EntryIndex;

final class Indexes {

    private Indexes() {}

    static EntryIndex.Format shared() {
        return MemoryIndex.FORMAT;
    }
}
