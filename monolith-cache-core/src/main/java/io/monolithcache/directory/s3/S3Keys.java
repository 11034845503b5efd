// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the registry, below the prefix that all who share caches have in common.
 *
 * <pre>
 * registry/01kb9v6m3q4w5x6y7z8a9b0c1d/00000000000000000001       the state of a cache, as of this version
 * owners/4711-1795178595000-5f0c7a9be21d4c36/00000000000000000042 a link of the lease of an owner; empty: it is dead
 * caches/01kb9v6m3q4w5x6y7z8a9b0c1d/…                             the data, which are the storage's
 * </pre>
 *
 * <p>The highest number is the truth. Twenty digits, so that the order of keys is that of numbers.
 */
final class S3Keys {

    static final String REGISTRY = "registry/";
    static final String OWNERS = "owners/";
    static final String CACHES = "caches/";

    /** The first after a slash, so that what is below a folder is passed over. */
    private static final char AFTER_SLASH = '0';

    private S3Keys() {}

    static String versions(CacheId id) {
        return REGISTRY + id + "/";
    }

    static String version(CacheId id, long number) {
        return versions(id) + digits(number);
    }

    static String chain(String owner) {
        return OWNERS + owner + "/";
    }

    static String link(String owner, long number) {
        return chain(owner) + digits(number);
    }

    private static String digits(long number) {
        return String.format("%020d", number);
    }

    /** Where the next one begins behind all that an id has below that folder; null for the first of all. */
    static @Nullable String behind(String folder, @Nullable CacheId id) {
        return id == null ? null : folder + id + AFTER_SLASH;
    }

    /** What is between the folder and the next slash; null if there is no such name. */
    static @Nullable String name(String folder, String key) {
        int end = key.indexOf('/', folder.length());
        return key.startsWith(folder) && end > folder.length() ? key.substring(folder.length(), end) : null;
    }

    /** The number at the end of a key; 0 if it has none, or is none of ours. */
    static long number(String key) {
        String digits = key.substring(key.lastIndexOf('/') + 1);
        if (digits.length() != 20 || !digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return 0;
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return 0;
        }
    }
}
