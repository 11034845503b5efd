// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.RelativeName;
import java.nio.charset.StandardCharsets;

/**
 * The keys of the storage, below the prefix:
 *
 * <pre>
 * format                                                        version, name of the root, registry
 * caches/01kb9v6m3q4w5x6y7z8a9b0c1d/report.csv                  a file of the user
 * caches/01kb9v6m3q4w5x6y7z8a9b0c1d/meta.json                   the metadata as they were lately, for people
 * metadata/01kb9v6m3q4w5x6y7z8a9b0c1d/00000000000000000001      the metadata, see MetadataChain
 * metadata/01kb9v6m3q4w5x6y7z8a9b0c1d/.wiping-4711-1795178…-7  a mark that a wipe has begun, of that one
 * sums/01kb9v6m3q4w5x6y7z8a9b0c1d/5f0c7a9be21d4c36              the checksum of a file that was written as a stream
 * prepared/4711-1795178595000-5f0c7a9be21d4c36/9be21d4c365f0c7a an upload in parts that is under way
 * trash/01kb9v6m3q4w5x6y7z8a9b0c1d                              a cache whose data are still to be deleted
 * </pre>
 *
 * <p>No key is the beginning of another one before a slash: stores that lie on a file system could not have both.
 */
final class S3Layout {

    static final String FORMAT = "format";
    static final String CACHES = "caches/";
    static final String METADATA = "metadata/";
    static final String SUMS = "sums/";
    static final String PREPARED = "prepared/";
    static final String TRASH = "trash/";

    private static final int MOST_BYTES = 1024;

    private S3Layout() {}

    static String cache(CacheId id) {
        return CACHES + id + "/";
    }

    /** @throws IllegalArgumentException if S3 can have no such key */
    static String file(S3Place place, CacheId id, RelativeName name) {
        String key = cache(id) + name;
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
            throw new IllegalArgumentException("A name of a file in S3 is text, which half of a character is not");
        }
        int bytes = (place.prefix() + key).getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("A key in S3 has at most " + MOST_BYTES + " bytes, and that of this file"
                    + " would have " + bytes + ". Take a shorter name");
        }
        return key;
    }

    /** The readable copy of the metadata. */
    static String copy(CacheId id) {
        return cache(id) + RelativeName.METADATA;
    }

    static String metadata(CacheId id) {
        return METADATA + id + "/";
    }

    static String version(CacheId id, long number) {
        return metadata(id) + String.format("%020d", number);
    }

    static String mark(CacheId id, String wiper) {
        return metadata(id) + RelativeName.WIPE_MARK + "-" + wiper;
    }

    static String sums(CacheId id) {
        return SUMS + id + "/";
    }

    static String prepared(String owner) {
        return PREPARED + owner + "/";
    }

    static String trash(CacheId id) {
        return TRASH + id;
    }
}
