// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.s3.S3Objects.Found;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where the SHA-256 of a file is: in the metadata of its object; or, if the file was written as a stream in parts, so
 * that they had to be written before the checksum was known, in an object of its own whose name they tell.
 */
final class StoredChecksums {

    private static final String KNOWN = "monolith-sha256";
    private static final String LATER = "monolith-upload";

    private final S3Objects objects;

    StoredChecksums(S3Objects objects) {
        this.objects = objects;
    }

    /** The metadata of an object whose checksum is known. */
    static Map<String, String> known(String checksum) {
        return Map.of(KNOWN, checksum, LATER, fresh());
    }

    /** The metadata of an object whose checksum will be. */
    static Map<String, String> later() {
        return Map.of(LATER, fresh());
    }

    private static String fresh() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** Whether both are metadata of one and the same write. */
    static boolean isSameWrite(Map<String, String> ours, Map<String, String> found) {
        String name = ours.get(LATER);
        return name != null && name.equals(found.get(LATER));
    }

    /** Before the object with those metadata appears. */
    void write(CacheId id, Map<String, String> metadata, String checksum) {
        objects.put(S3Layout.sums(id) + metadata.get(LATER), checksum.getBytes(StandardCharsets.US_ASCII));
    }

    /** Null for what somebody else wrote, without a checksum of ours. */
    @Nullable String find(CacheId id, Map<String, String> metadata) {
        String known = metadata.get(KNOWN);
        String name = metadata.get(LATER);
        if (known != null || name == null) {
            return known;
        }
        Found found = objects.get(S3Layout.sums(id) + name);
        return found == null ? null : new String(found.content(), StandardCharsets.US_ASCII);
    }
}
