// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.store.EntryDescription;
import java.time.Instant;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One entry of a store as an answer shows it.
 *
 * @param hash names it: 64 hexadecimal digits
 * @param key masked unless it may be shown
 * @param length of its content, in bytes
 * @param sizeInBytes what it takes on the disk
 * @param accessedAt when it was last read, or written if it never was; may lag
 * @param hits how often it was read; may lag
 * @param tags masked unless they may be shown
 */
public record CacheEntryDescriptor(
        String hash,
        String key,
        long length,
        long sizeInBytes,
        Instant createdAt,
        Instant accessedAt,
        long hits,
        boolean locked,
        Set<String> tags)
        implements OperationResponseBody {

    static CacheEntryDescriptor of(EntryDescription entry, ValueMask mask) {
        return new CacheEntryDescriptor(
                entry.hash(),
                mask.text(entry.key()),
                entry.length(),
                entry.bytes(),
                entry.createdAt(),
                entry.accessedAt(),
                entry.hits(),
                entry.locked(),
                mask.texts(entry.tags()));
    }
}
