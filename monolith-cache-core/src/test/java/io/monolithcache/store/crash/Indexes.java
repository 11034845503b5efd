// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import io.monolithcache.store.index.EntryIndex;
import io.monolithcache.store.index.SqliteIndex;
import java.io.IOException;
import java.nio.file.Path;

/** The index that several processes may share. */
final class Indexes {

    private Indexes() {}

    static EntryIndex.Format shared() {
        return SqliteIndex.FORMAT;
    }

    /** In another place than the store's own, so that it does not count for what entries take of a disk. */
    static EntryIndex.Format sharedIn(Path elsewhere) {
        return new EntryIndex.Format() {
            @Override
            public EntryIndex open(Path folder) throws IOException {
                return SqliteIndex.FORMAT.open(elsewhere);
            }

            @Override
            public void delete(Path folder) throws IOException {
                SqliteIndex.FORMAT.delete(elsewhere);
            }

            @Override
            public boolean isShared() {
                return true;
            }

            @Override
            public String name() {
                return SqliteIndex.FORMAT.name();
            }
        };
    }
}
