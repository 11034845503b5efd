// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.IndexedEntry;
import java.time.Instant;
import java.util.Set;

/**
 * What is known of an entry without opening it.
 *
 * @param hash names it: 64 hexadecimal digits
 * @param length of its content, in bytes
 * @param bytes that it takes on the disk, in whole blocks
 * @param accessedAt when it was last read, or written if it never was; may lag
 * @param hits how often it was read; may lag
 * @param locked whether it is never evicted
 */
public record EntryDescription(
        String key,
        String hash,
        long length,
        long bytes,
        Instant createdAt,
        Instant accessedAt,
        long hits,
        boolean locked,
        Set<String> tags) {

    static EntryDescription of(IndexedEntry entry) {
        return new EntryDescription(
                entry.key(),
                entry.hash().toString(),
                entry.length(),
                entry.bytes(),
                Instant.ofEpochMilli(entry.createdAt()),
                Instant.ofEpochMilli(entry.accessedAt()),
                entry.hits(),
                entry.locked(),
                entry.tags());
    }
}
