// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link CacheManager}; every one has a safe default. Not for use by several threads. */
public final class CacheManagerBuilder {

    private @Nullable Path root;
    private @Nullable String applicationName;
    private OrphanPolicy orphans = OrphanPolicy.KEEP;
    private boolean allowNetworkFileSystem;
    private Duration sweepInterval = Duration.ofSeconds(30);
    private WipeMode wipe = WipeMode.BACKGROUND;
    private boolean trackLeaks;
    private boolean releaseLeaked;
    private Duration leakGrace = Duration.ofMinutes(10);
    private @Nullable RegistryProvider registry;
    private final List<DirectoryBackend.Provider> storages = new ArrayList<>();
    private @Nullable String defaultStorage;
    private Clock clock = Clock.systemUTC();
    private CacheInstrumentation instrumentation = CacheInstrumentation.NONE;
    private final List<CacheListener> listeners = new ArrayList<>();

    CacheManagerBuilder() {}

    /**
     * The folder in which {@code monolith-cache} is created; it may be a symbolic link or a mounted volume. Default: a
     * folder with the application's name in the user's cache folder.
     */
    public CacheManagerBuilder root(@Nullable Path root) {
        this.root = root;
        return this;
    }

    /** Names the default root; made a safe folder name. Without one it is {@code application}. */
    public CacheManagerBuilder applicationName(@Nullable String name) {
        this.applicationName = name;
        return this;
    }

    /** What to do with caches whose registry is missing. Default: {@link OrphanPolicy#KEEP}. */
    public CacheManagerBuilder orphans(OrphanPolicy policy) {
        this.orphans = policy;
        return this;
    }

    /** Whether a root on NFS and the like is accepted, where file locks may fail silently. Default: false. */
    public CacheManagerBuilder allowNetworkFileSystem(boolean allow) {
        this.allowNetworkFileSystem = allow;
        return this;
    }

    /** How often dead owners are looked for; zero for never. Default: 30 seconds. */
    public CacheManagerBuilder sweepInterval(Duration interval) {
        if (interval.isNegative()) {
            throw new IllegalArgumentException("sweepInterval must not be negative, not " + interval);
        }
        this.sweepInterval = interval;
        return this;
    }

    /** Who deletes the files of a wiped cache. Default: {@link WipeMode#BACKGROUND}. */
    public CacheManagerBuilder wipe(WipeMode mode) {
        this.wipe = mode;
        return this;
    }

    /**
     * Whether each handle remembers where it was opened, for the report of a leak; costs a stack trace. Default: false.
     */
    public CacheManagerBuilder trackLeaks(boolean track) {
        this.trackLeaks = track;
        return this;
    }

    /** Whether a handle that was dropped without being closed is released after the grace period. Default: false. */
    public CacheManagerBuilder releaseLeaked(boolean release) {
        this.releaseLeaked = release;
        return this;
    }

    /** How long a leaked directory must have been unchanged before it is released. Default: 10 minutes. */
    public CacheManagerBuilder leakGrace(Duration grace) {
        if (grace.isNegative() || grace.isZero()) {
            throw new IllegalArgumentException("leakGrace must be positive, not " + grace);
        }
        this.leakGrace = grace;
        return this;
    }

    /** Adds a storage beside the local disk, which is always there: {@code S3Storage}. */
    public CacheManagerBuilder storage(DirectoryBackend.Provider storage) {
        storages.add(storage);
        return this;
    }

    /** Where {@link CacheManager#create()} makes directories, by the name of the storage. Default: {@code local}. */
    public CacheManagerBuilder defaultStorage(@Nullable String name) {
        this.defaultStorage = name;
        return this;
    }

    /**
     * Who keeps the references of several processes and servers together, for every storage. Default: what goes with
     * the storage, which is files in the root for the processes of one machine, and in a bucket the bucket itself.
     */
    public CacheManagerBuilder registry(@Nullable RegistryProvider registry) {
        this.registry = registry;
        return this;
    }

    /** Tells the time of ids and of locks. Default: the system's clock. */
    public CacheManagerBuilder clock(Clock clock) {
        this.clock = clock;
        return this;
    }

    /** Adds a listener. */
    public CacheManagerBuilder listener(CacheListener listener) {
        listeners.add(listener);
        return this;
    }

    /** Measures or traces what the manager does. Default: {@link CacheInstrumentation#NONE}. */
    public CacheManagerBuilder instrumentation(CacheInstrumentation instrumentation) {
        this.instrumentation = instrumentation;
        return this;
    }

    /**
     * A manager with these settings. It looks at what is there and writes nothing before it is first used.
     *
     * @throws CacheRootException if what is there cannot be used: a file, somebody else's, of another registry, of a
     *     newer format, on a network file system
     * @throws IllegalArgumentException if there is no such default storage, or there are two of one name
     */
    public CacheManager build() {
        DirectoryBackend.Provider disk = ServiceLoader.load(
                        DirectoryBackend.Provider.class, getClass().getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No cache storage on the class path"));
        String main = defaultStorage == null ? disk.name() : defaultStorage;
        requireStorages(disk, main);
        DirectoryBackend.Settings where =
                new DirectoryBackend.Settings(root, applicationName, orphans, allowNetworkFileSystem, clock, registry);
        DefaultCacheManager local = open(disk, where);
        return storages.isEmpty() ? local : sideBySide(local, main, where);
    }

    private void requireStorages(DirectoryBackend.Provider disk, String main) {
        List<String> names = new ArrayList<>(List.of(disk.name()));
        storages.forEach(storage -> names.add(storage.name()));
        if (!names.contains(main)) {
            throw new IllegalArgumentException("There is no storage '" + main + "', only '" + String.join("', '", names)
                    + "'; another one is to be added first");
        }
        if (names.size() != Set.copyOf(names).size()) {
            throw new IllegalArgumentException("Two storages have one name: " + names);
        }
    }

    private CacheManager sideBySide(DefaultCacheManager local, String main, DirectoryBackend.Settings where) {
        List<DefaultCacheManager> opened = new ArrayList<>(List.of(local));
        try {
            for (DirectoryBackend.Provider storage : storages) {
                opened.add(open(storage, where.withScratch(new Scratch(local, storage.name()))));
            }
            return new SeveralStorages(opened, main);
        } catch (RuntimeException failure) {
            opened.forEach(CacheManager::close);
            throw failure;
        }
    }

    private DefaultCacheManager open(DirectoryBackend.Provider storage, DirectoryBackend.Settings where) {
        return new DefaultCacheManager(
                storage.open(where),
                new ManagerSettings(sweepInterval, wipe, trackLeaks, releaseLeaked, leakGrace, clock),
                instrumentation,
                List.copyOf(listeners));
    }
}
