// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.store.Store;
import io.monolithcache.store.StoreBuilder;
import io.monolithcache.store.StoreLimits;
import io.monolithcache.store.StoreRootException;
import io.monolithcache.store.index.CsvIndex;
import io.monolithcache.store.index.EntryIndex;
import io.monolithcache.store.index.JsonIndex;
import io.monolithcache.store.index.SqliteIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.AotDetector;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Checks the properties of the cache of files, all at once, and hands them to the builder of its store. What needs a
 * library is looked for here and not by a condition: which one is needed is decided by the properties of the run.
 */
final class FileStoreSettings {

    /** What people call the store. */
    static final String NAME = "files";

    /** What Spring Boot manages; there is no jar that tells it where it is missing. */
    static final String SQLITE = "org.xerial:sqlite-jdbc:3.53.2.1";

    static final String CAFFEINE = "com.github.ben-manes.caffeine:caffeine:3.2.4";

    private static final String FOLDER = "monolith-cache-files";

    private static final String FILES = "monolith.cache.files.";
    private static final String ENABLED = FILES + "enabled";
    private static final String PATH = FILES + "path";
    private static final String INDEX = FILES + "index";
    private static final String SIZE = FILES + "limits.size";
    private static final String ENTRIES = FILES + "limits.entries";
    private static final String AGE = FILES + "limits.age";
    private static final String IDLE = FILES + "limits.idle";
    private static final String KEEP_FREE = FILES + "limits.keep-free";
    private static final String MEMORY = FILES + "memory";
    private static final String LOCAL_PATH = "monolith.cache.local.path";

    private final MonolithCacheProperties properties;
    private final MonolithCacheProperties.Files files;
    private final @Nullable String applicationName;
    private final @Nullable ClassLoader classLoader;
    private final List<InvalidSetting> problems = new ArrayList<>();

    private FileStoreSettings(
            MonolithCacheProperties properties, @Nullable String applicationName, @Nullable ClassLoader classLoader) {
        this.properties = properties;
        this.files = properties.files();
        this.applicationName = applicationName;
        this.classLoader = classLoader;
    }

    /**
     * The builder of the store.
     *
     * @param applicationName names the default path
     * @param classLoader in which libraries are looked for
     * @throws InvalidCacheSettingsException if they ask for what there is not, or for what cannot be
     */
    static StoreBuilder builder(
            MonolithCacheProperties properties, @Nullable String applicationName, @Nullable ClassLoader classLoader) {
        return new FileStoreSettings(properties, applicationName, classLoader).builder();
    }

    private StoreBuilder builder() {
        checkEnabled();
        Path path = PathSetting.read(PATH, files.path(), problems);
        Path local =
                path == null ? PathSetting.read(LOCAL_PATH, properties.local().path(), problems) : path;
        EntryIndex.Format index = index();
        checkLimits();
        checkMemory();
        new ArchiveChoice(FILES + "archive.", files.archive(), classLoader, problems).check();
        if (!problems.isEmpty()) {
            throw new InvalidCacheSettingsException(problems);
        }
        StoreBuilder builder =
                local == null ? Store.inCacheFolder(applicationName, FOLDER) : Store.in(local.resolve(FOLDER));
        return builder.name(NAME)
                .index(Objects.requireNonNull(index))
                .limits(limits())
                .eviction(files.eviction())
                .verification(files.verification())
                .memory(files.memory().toBytes())
                .sync(files.sync());
    }

    /**
     * The store that these settings describe; it is only looked at what is there.
     *
     * @throws InvalidCacheSettingsException if its folder cannot be used
     */
    static Store openOnFirstUse(StoreBuilder builder, MonolithCacheProperties properties) {
        try {
            return builder.openOnFirstUse();
        } catch (StoreRootException unusable) {
            String path = properties.files().path();
            String from = path != null
                    ? "The property '" + PATH + "' is '" + path + "'."
                    : "The property '" + PATH + "' is not set, so files are kept where cache directories are.";
            throw new InvalidCacheSettingsException(List.of(new InvalidSetting(
                    PATH,
                    unusable.description() + " " + from,
                    unusable.action() + " The property is " + PATH + ", or set " + ENABLED + " to false.")));
        }
    }

    /** As for everything: the condition knows the word only, and is frozen by ahead-of-time processing. */
    private void checkEnabled() {
        if (files.enabled()) {
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

    private EntryIndex.@Nullable Format index() {
        return switch (files.index()) {
            case JSON -> JsonIndex.FORMAT;
            case CSV -> CsvIndex.FORMAT;
            case SQLITE -> sqlite();
        };
    }

    private EntryIndex.@Nullable Format sqlite() {
        if (ClassUtils.isPresent("org.sqlite.JDBC", classLoader)) {
            return SqliteIndex.FORMAT;
        }
        refuse(
                INDEX,
                "is 'sqlite', but SQLite is not on the class path.",
                "Add " + SQLITE + " to the dependencies, set " + INDEX + " to 'json', or " + ENABLED + " to false.");
        return null;
    }

    private void checkLimits() {
        MonolithCacheProperties.Limits limits = files.limits();
        if (limits.size().toBytes() <= 0) {
            refuse(
                    SIZE,
                    "is not positive (" + limits.size() + ").",
                    "Set " + SIZE + " to the space that files may take on the disk, for instance 10GB.");
        }
        Long entries = limits.entries();
        if (entries != null && entries <= 0) {
            refuse(
                    ENTRIES,
                    "is not positive (" + entries + ").",
                    "Set " + ENTRIES + " to 1 or more, or remove it for any number.");
        }
        checkTime(AGE, limits.age());
        checkTime(IDLE, limits.idle());
        checkNotNegative(KEEP_FREE, limits.keepFree(), "to a size, for instance 1GB, or to 0 for none.");
    }

    private void checkTime(String property, @Nullable Duration time) {
        if (time != null && (time.isNegative() || time.isZero())) {
            refuse(
                    property,
                    "is not positive (" + time + ").",
                    "Set " + property + " to a positive time, for instance 30d, or remove it for no end.");
        }
    }

    private void checkMemory() {
        checkNotNegative(MEMORY, files.memory(), "to a size, for instance 64MB, or to 0 for none.");
        if (files.memory().toBytes() > 0
                && !ClassUtils.isPresent("com.github.benmanes.caffeine.cache.Caffeine", classLoader)) {
            refuse(
                    MEMORY,
                    "is " + files.memory() + ", but Caffeine is not on the class path.",
                    "Add " + CAFFEINE + " to the dependencies, or remove " + MEMORY + ".");
        }
    }

    private void checkNotNegative(String property, DataSize size, String to) {
        if (size.isNegative()) {
            refuse(property, "is negative (" + size + ").", "Set " + property + " " + to);
        }
    }

    private StoreLimits limits() {
        MonolithCacheProperties.Limits limits = files.limits();
        Long entries = limits.entries();
        return new StoreLimits(
                limits.size().toBytes(),
                entries == null ? Long.MAX_VALUE : entries,
                limits.age(),
                limits.idle(),
                limits.keepFree().toBytes());
    }

    private void refuse(String property, String what, String action) {
        problems.add(new InvalidSetting(property, "The property '" + property + "' " + what, action));
    }
}
