// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Internal: the checked name of a file in a cache directory. It has one or more parts between {@code /}, none of which
 * is empty, {@code .} or {@code ..}, no NUL, and is not {@code meta.json}. Any other name that a file may have is fine:
 * spaces, unicode, leading dots, a backslash.
 */
public record RelativeName(String value) {

    /** The reserved name; in any case, because some file systems do not tell them apart. */
    public static final String METADATA = "meta.json";

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
        if (parts[0].equalsIgnoreCase(METADATA)) {
            return METADATA + " is reserved";
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

    @Override
    public String toString() {
        return value;
    }
}
