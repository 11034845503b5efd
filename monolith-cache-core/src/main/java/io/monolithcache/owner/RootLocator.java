// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the default root: a folder with the application's name in the user's cache folder. Not the temporary folder,
 * which is emptied by age under running servers; that is only for users without a home. Internal.
 */
public record RootLocator(
        Map<String, String> environment, String osName, String userHome, String temporaryFolder, String user) {

    /**
     * Where the root is.
     *
     * @param ownFolder a folder above it that has to be this user's alone, because it lies where everybody may make
     *     one; null if there is none
     */
    public record Place(Path root, @Nullable Path ownFolder) {

        /** A root that may lie anywhere. */
        public static Place of(Path root) {
            return new Place(root, null);
        }
    }

    private static final Logger log = LoggerFactory.getLogger(RootLocator.class);

    private static final String UNNAMED = "application";
    private static final int LONGEST_NAME = 100;

    /** By what the system tells this process. */
    public static RootLocator ofThisProcess() {
        return new RootLocator(
                System.getenv(),
                System.getProperty("os.name", ""),
                System.getProperty("user.home", ""),
                System.getProperty("java.io.tmpdir", ""),
                Ownership.user());
    }

    /** Where the root is; what is unusual about it is said in the log. */
    public Place locate(@Nullable String applicationName) {
        Place place = find(applicationName);
        if (place.ownFolder() != null) {
            log.warn(
                    "There is no writable home folder ('{}'), so cache directories lie in {}, which the system may empty"
                            + " while they are in use. Set monolith.cache.local.path",
                    userHome,
                    temporaryFolder);
        }
        if (applicationName == null || applicationName.isBlank()) {
            log.warn(
                    "The application has no name, so it shares the cache root '{}' with all others that have none. Set"
                            + " spring.application.name or monolith.cache.local.path",
                    UNNAMED);
        }
        return place;
    }

    /** The same, and nothing is said: somebody else has said it, or will. */
    public Place find(@Nullable String applicationName) {
        Path folder = userCacheFolder();
        String name = folderName(applicationName);
        if (folder != null) {
            return new Place(folder.resolve(name), null);
        }
        Path own = Path.of(temporaryFolder).resolve("monolith-cache-" + user);
        return new Place(own.resolve(name), own);
    }

    /** Null if this user has none. */
    private @Nullable Path userCacheFolder() {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.contains("windows")) {
            String local = environment.getOrDefault("LOCALAPPDATA", "");
            return local.isEmpty() ? null : Path.of(local);
        }
        Path xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        if (xdg.isAbsolute()) {
            return xdg;
        }
        Path home = Path.of(userHome);
        if (!home.isAbsolute() || !Files.isWritable(home)) {
            return null;
        }
        return os.contains("mac") ? home.resolve("Library").resolve("Caches") : home.resolve(".cache");
    }

    private static String folderName(@Nullable String applicationName) {
        if (applicationName == null || applicationName.isBlank()) {
            return UNNAMED;
        }
        // ASCII, because a process without a locale cannot name other files
        String safe = applicationName.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^\\.+", "_");
        String shorter = safe.length() <= LONGEST_NAME ? safe : safe.substring(0, LONGEST_NAME);
        // two names that read the same now shall not share a root
        return shorter.equals(applicationName)
                ? shorter
                : shorter + "-" + Integer.toHexString(applicationName.hashCode());
    }
}
