// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.WipeMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of Monolith Cache. An empty value counts as absent, which is why booleans are boxed: an empty one could
 * not be bound to a primitive.
 *
 * @param enabled Whether the auto-configuration of Monolith Cache is on.
 * @param storage Storage in which new cache directories live.
 * @param registry Registry that knows who holds which directory. Chosen by the storage if 'auto'.
 * @param local Local storage.
 * @param directories Cache directories.
 */
@ConfigurationProperties("monolith.cache")
public record MonolithCacheProperties(
        @DefaultValue("true") Boolean enabled,
        @DefaultValue("local") String storage,
        @DefaultValue("auto") String registry,
        @DefaultValue Local local,
        @DefaultValue Directories directories) {

    /**
     * Local storage.
     *
     * @param path Folder in which 'monolith-cache' is created, the root of all caches of the applications that share
     *     it. If not set, a folder with the name of the application in the user's cache folder.
     * @param minFreeSpace Space left on the disk below which health says so. Nothing is refused.
     * @param orphans What to do with cache directories whose registry is missing.
     * @param allowNetworkFileSystem Whether a root on a network file system is accepted, where file locks may fail
     *     silently.
     */
    public record Local(
            @Nullable String path,
            @DefaultValue("256MB") DataSize minFreeSpace,
            @DefaultValue("keep") OrphanPolicy orphans,
            @DefaultValue("false") Boolean allowNetworkFileSystem) {}

    /**
     * Cache directories.
     *
     * @param sweepInterval How often references of dead processes are looked for. Zero for never.
     * @param wipe Who deletes the files of a wiped directory.
     * @param trackLeaks Whether a handle remembers where it was opened, for the report of a leak. Costs a stack trace
     *     for each handle.
     * @param releaseLeaked Whether a directory whose handle was dropped without being closed is released.
     * @param leakGrace How long a leaked directory must have been unchanged before it is released. Needs
     *     'release-leaked'. Ten minutes if not set.
     */
    public record Directories(
            @DefaultValue("30s") Duration sweepInterval,
            @DefaultValue("background") WipeMode wipe,
            @DefaultValue("false") Boolean trackLeaks,
            @DefaultValue("false") Boolean releaseLeaked,
            @Nullable Duration leakGrace) {}
}
