// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheManagerBuilder;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.RegistryProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.aot.AotDetector;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Checks the properties and hands them to the builder. They are checked by hand, so that an application need not have a
 * validator, and all at once, so that one start shows everything that is wrong.
 */
final class CacheSettings {

    private static final String ENABLED = "monolith.cache.enabled";
    private static final String STORAGE = "monolith.cache.storage";
    private static final String REGISTRY = "monolith.cache.registry";
    private static final String PATH = "monolith.cache.local.path";
    private static final String MIN_FREE_SPACE = "monolith.cache.local.min-free-space";
    private static final String SWEEP_INTERVAL = "monolith.cache.directories.sweep-interval";
    private static final String RELEASE_LEAKED = "monolith.cache.directories.release-leaked";
    private static final String LEAK_GRACE = "monolith.cache.directories.leak-grace";

    private final MonolithCacheProperties properties;
    private final List<RegistrySource> registries;
    private final List<StorageSource> storages;
    private final List<InvalidSetting> problems = new ArrayList<>();

    private CacheSettings(
            MonolithCacheProperties properties, List<RegistrySource> registries, List<StorageSource> storages) {
        this.properties = properties;
        this.registries = registries;
        this.storages = storages;
    }

    /**
     * @param registries that there are beside the one of each storage
     * @param storages that there are beside the local disk
     * @throws InvalidCacheSettingsException if they ask for what there is not, or contradict each other
     */
    static CacheManagerBuilder builder(
            MonolithCacheProperties properties, List<RegistrySource> registries, List<StorageSource> storages) {
        return new CacheSettings(properties, registries, storages).builder();
    }

    private CacheManagerBuilder builder() {
        checkEnabled();
        checkOneOf(STORAGE, properties.storage(), "local", "s3");
        checkOneOf(REGISTRY, properties.registry(), "auto", "file", "redis", "s3");
        RegistryProvider registry = new RegistryChoice(properties, registries, problems).choose();
        DirectoryBackend.Provider s3 = new StorageChoice(properties, storages, problems).choose();
        Path root = PathSetting.read(PATH, properties.local().path(), problems);
        checkMinFreeSpace();
        checkSweepInterval();
        checkLeakGrace();
        if (!problems.isEmpty()) {
            throw new InvalidCacheSettingsException(problems);
        }
        MonolithCacheProperties.Directories directories = properties.directories();
        CacheManagerBuilder builder = CacheManager.builder()
                .root(root)
                .registry(registry)
                .orphans(properties.local().orphans())
                .allowNetworkFileSystem(properties.local().allowNetworkFileSystem())
                .sweepInterval(directories.sweepInterval())
                .wipe(directories.wipe())
                .trackLeaks(directories.trackLeaks())
                .releaseLeaked(directories.releaseLeaked());
        if (s3 != null) {
            builder.storage(s3);
        }
        if (StringUtils.hasText(properties.storage())) {
            builder.defaultStorage(properties.storage().trim().toLowerCase(Locale.ROOT));
        }
        if (directories.leakGrace() != null) {
            builder.leakGrace(directories.leakGrace());
        }
        return builder;
    }

    /**
     * The condition knows the word only: 'off' would be false here, and the beans be there all the same. And they are
     * there if they were when the application was processed ahead of time.
     */
    private void checkEnabled() {
        if (properties.enabled()) {
            return;
        }
        if (AotDetector.useGeneratedArtifacts()) {
            refuse(
                    ENABLED,
                    "is false, but the application was processed ahead of time while it was not.",
                    "Set " + ENABLED + " to false when the application is built, or remove it.");
        } else {
            refuse(
                    ENABLED,
                    "is not the word 'false', but means the same.",
                    "Set " + ENABLED + " to 'true' or 'false'.");
        }
    }

    private void checkOneOf(String property, String value, String... known) {
        if (!StringUtils.hasText(value) || List.of(known).contains(value.trim().toLowerCase(Locale.ROOT))) {
            return;
        }
        refuse(
                property,
                "is '" + value + "', but " + core() + " knows " + quoted(" and ", known) + " only.",
                "Set " + property + " to " + quoted(" or ", known) + ", or remove it.");
    }

    private static String quoted(String last, String... words) {
        String all = "'" + String.join("', '", words) + "'";
        int end = all.lastIndexOf(", ");
        return end < 0 ? all : all.substring(0, end) + last + all.substring(end + 2);
    }

    private void checkMinFreeSpace() {
        DataSize space = properties.local().minFreeSpace();
        if (space.isNegative()) {
            refuse(
                    MIN_FREE_SPACE,
                    "is negative (" + space + ").",
                    "Set " + MIN_FREE_SPACE + " to a size, for instance 256MB, or to 0 for any.");
        }
    }

    private void checkSweepInterval() {
        Duration interval = properties.directories().sweepInterval();
        if (interval.isNegative()) {
            refuse(
                    SWEEP_INTERVAL,
                    "is negative (" + interval + ").",
                    "Set " + SWEEP_INTERVAL + " to a positive time, for instance 30s, or to 0 for never.");
        }
    }

    private void checkLeakGrace() {
        Duration grace = properties.directories().leakGrace();
        if (grace == null) {
            return;
        }
        if (grace.isNegative() || grace.isZero()) {
            refuse(
                    LEAK_GRACE,
                    "is not positive (" + grace + ").",
                    "Set " + LEAK_GRACE + " to a positive time, for instance 10m.");
        }
        if (!properties.directories().releaseLeaked()) {
            refuse(
                    LEAK_GRACE,
                    "is set, but '" + RELEASE_LEAKED + "' is false, so nothing is released after it.",
                    "Set " + RELEASE_LEAKED + " to true, or remove " + LEAK_GRACE + ".");
        }
    }

    private void refuse(String property, String what, String action) {
        problems.add(new InvalidSetting(property, "The property '" + property + "' " + what, action));
    }

    /** Coordinates, and the version where there is a jar to tell it. */
    private static String core() {
        String version = CacheManager.class.getPackage().getImplementationVersion();
        return "io.monolithcache:monolith-cache-core" + (version == null ? "" : ":" + version);
    }
}
