// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryIndex;

class StoreTests extends StoreContract {

    @Override
    EntryIndex.Format index() {
        return MemoryIndex.FORMAT;
    }
}
