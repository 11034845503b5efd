// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import io.monolithcache.store.index.EntryIndex;
import io.monolithcache.store.index.SqliteIndex;

final class Indexes {

    private Indexes() {}

    static EntryIndex.Format shared() {
        return SqliteIndex.FORMAT;
    }
}
