// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Internal: the checked name of a file in a cache directory. It has one or more parts between {@code /}, none of which
 * is empty, {@code .} or {@code ..}, no NUL, and is not reserved. Any other name that a file may have is fine: spaces,
 * unicode, leading dots, a backslash.
 */
public record RelativeName(String value) {

    /** A reserved name, see {@link DirectoryStorage#metadata}. */
    public static final String METADATA = "meta.json";

    /** A reserved name, see {@link DirectoryStorage#mark}; so is whatever lies below it. */
    public static final String WIPE_MARK = ".wiping";

    private static final List<String> RESERVED = List.of(METADATA, WIPE_MARK);

    /** The most that a key of S3 may have; file systems allow less for each part. */
    private static final int MOST_CHARACTERS = 1024;

    /** @throws IllegalArgumentException if the name is refused, with the reason */
    public RelativeName {
        String reason = refusal(value);
        if (reason != null) {
            throw new IllegalArgumentException("Not a name of a file in a cache directory, because " + reason);
        }
    }

    /** The parts between the slashes. */
    public List<String> parts() {
        return List.of(value.split("/"));
    }

    private static @Nullable String refusal(String name) {
        if (name.isEmpty() || name.length() > MOST_CHARACTERS) {
            return "it has " + name.length() + " characters, not 1 to " + MOST_CHARACTERS;
        }
        if (name.indexOf('\0') >= 0) {
            return "it contains NUL";
        }
        String[] parts = name.split("/", -1);
        String reserved = reserved(parts[0]);
        if (reserved != null) {
            return reserved + " is reserved";
        }
        for (String part : parts) {
            if (part.isEmpty()) {
                return "it is absolute or has an empty part";
            }
            if (part.equals(".") || part.equals("..")) {
                return "it contains '" + part + "'";
            }
        }
        return null;
    }

    /** Whether this is no file of the user's, though it lies in his directory. */
    public static boolean isReserved(String name) {
        int slash = name.indexOf('/');
        return reserved(slash < 0 ? name : name.substring(0, slash)) != null;
    }

    /** In any case, because some file systems do not tell them apart. */
    private static @Nullable String reserved(String first) {
        for (String reserved : RESERVED) {
            if (first.equalsIgnoreCase(reserved)) {
                return reserved;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return value;
    }
}
