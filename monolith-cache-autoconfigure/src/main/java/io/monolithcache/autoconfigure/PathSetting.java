// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** Reads a property that names a folder. */
final class PathSetting {

    /** A scheme has two letters at least: one is a drive of Windows. */
    private static final Pattern URL = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");

    private PathSetting() {}

    /**
     * Null if it is not set, or is no path.
     *
     * @param problems to which it adds what is wrong
     */
    static @Nullable Path read(String property, @Nullable String text, List<InvalidSetting> problems) {
        if (!StringUtils.hasText(text)) {
            return null;
        }
        String advice = "Set " + property + " to a path of the file system, for instance /var/cache/app.";
        if (URL.matcher(text).matches()) {
            problems.add(problem(property, "is '" + text + "', which is a URL, not a path.", advice));
            return null;
        }
        if (text.startsWith("~")) {
            String instead = "Write ${user.home} in " + property + " instead of '~'.";
            problems.add(problem(property, "is '" + text + "', and '~' is not replaced by anybody.", instead));
            return null;
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException invalid) {
            problems.add(problem(property, "is not a path: " + invalid.getReason() + ".", advice));
            return null;
        }
    }

    private static InvalidSetting problem(String property, String what, String action) {
        return new InvalidSetting(property, "The property '" + property + "' " + what, action);
    }
}
