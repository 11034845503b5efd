// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Selects entries: those for which everything holds that is given.
 *
 * @param prefix of the key; null for any
 * @param tag that it carries; null for any
 * @param createdBefore in milliseconds since 1970; {@link Long#MAX_VALUE} for any
 * @param accessedBefore in milliseconds since 1970; {@link Long#MAX_VALUE} for any
 * @param locked null for both kinds
 */
public record IndexQuery(
        @Nullable String prefix,
        @Nullable String tag,
        long createdBefore,
        long accessedBefore,
        @Nullable Boolean locked) {

    /** Everything. */
    public static final IndexQuery ALL = new IndexQuery(null, null, Long.MAX_VALUE, Long.MAX_VALUE, null);

    /** Whether an entry is selected. */
    public boolean selects(IndexedEntry entry) {
        return (prefix == null || entry.key().startsWith(prefix))
                && (tag == null || entry.tags().contains(tag))
                && (createdBefore == Long.MAX_VALUE || entry.createdAt() < createdBefore)
                && (accessedBefore == Long.MAX_VALUE || entry.accessedAt() < accessedBefore)
                && (locked == null || entry.locked() == locked);
    }

    /**
     * Whether it asks for half a character (a surrogate without its other half), with which no text begins. Written to
     * a file, it would be another text, and others would be found.
     */
    boolean isForNoText() {
        return isNoText(prefix) || isNoText(tag);
    }

    private static boolean isNoText(@Nullable String text) {
        return text != null && !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
