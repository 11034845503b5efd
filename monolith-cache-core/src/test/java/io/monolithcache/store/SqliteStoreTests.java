// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryIndex;
import io.monolithcache.store.index.SqliteIndex;

class SqliteStoreTests extends StoreContract {

    @Override
    EntryIndex.Format index() {
        return SqliteIndex.FORMAT;
    }
}
