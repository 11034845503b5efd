// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import org.jspecify.annotations.Nullable;

/** The keys under which files are listed that are named by their content: {@code sha256:3f5a…}. */
final class ContentKeys {

    private static final String PREFIX = "sha256:";

    private ContentKeys() {}

    static String of(EntryHash hash) {
        return PREFIX + hash;
    }

    /** Null if it is the key of a value. */
    static @Nullable EntryHash parse(String key) {
        return key.startsWith(PREFIX) && EntryHash.isHash(key.substring(PREFIX.length()))
                ? EntryHash.parse(key.substring(PREFIX.length()))
                : null;
    }
}
