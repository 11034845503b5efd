// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.util.Set;

/**
 * What is known of an entry without opening it. Times are in milliseconds since 1970.
 *
 * @param length of the content, in bytes
 * @param bytes that it takes on the disk
 * @param accessedAt when it was last read, or written if it never was
 * @param hits how often it was read
 * @param locked whether it is never evicted
 * @param tags immutable, in no particular order
 */
public record IndexedEntry(
        EntryHash hash,
        String key,
        long length,
        long bytes,
        long createdAt,
        long accessedAt,
        long hits,
        boolean locked,
        Set<String> tags) {

    /** The tags are copied. */
    public IndexedEntry {
        tags = Set.copyOf(tags);
    }

    /** The same after it was read so often more, for the last time then. */
    public IndexedEntry touched(long at, long more) {
        return new IndexedEntry(
                hash, key, length, bytes, createdAt, Math.max(accessedAt, at), hits + more, locked, tags);
    }

    /** The same, locked or not. */
    public IndexedEntry locked(boolean isLocked) {
        return new IndexedEntry(hash, key, length, bytes, createdAt, accessedAt, hits, isLocked, tags);
    }
}
