// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryIndex;
import io.monolithcache.store.index.JsonIndex;

class JsonStoreTests extends StoreContract {

    @Override
    EntryIndex.Format index() {
        return JsonIndex.FORMAT;
    }
}
