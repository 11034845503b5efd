// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.WipeMode;
import io.monolithcache.store.EvictionPolicy;
import io.monolithcache.store.Verification;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * The settings of Monolith Cache. An empty value counts as absent, which is why booleans are boxed: an empty one could
 * not be bound to a primitive.
 *
 * @param enabled Whether the auto-configuration of Monolith Cache is on.
 * @param storage Storage in which new cache directories live.
 * @param registry Registry that knows who holds which directory. If 'auto', Redis where it is configured, else what
 *     goes with the storage: files on the local disk, and in S3 the bucket itself.
 * @param local Local storage.
 * @param s3 Storage in S3.
 * @param redis References in Redis.
 * @param directories Cache directories.
 * @param scopes Cache scopes, those of requests among them.
 * @param files Files that are kept by their content.
 */
@ConfigurationProperties("monolith.cache")
public record MonolithCacheProperties(
        @DefaultValue("true") Boolean enabled,
        @DefaultValue("local") String storage,
        @DefaultValue("auto") String registry,
        @DefaultValue Local local,
        @DefaultValue S3 s3,
        @DefaultValue Redis redis,
        @DefaultValue Directories directories,
        @DefaultValue Scopes scopes,
        @DefaultValue Files files) {

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
     * Storage in S3. The client is the application's own, most likely that of Spring Cloud AWS.
     *
     * @param path Where cache directories are in S3, as s3://bucket/prefix. Everybody who shares caches has the same.
     * @param lease How long a process may be silent before others take it for dead, if the bucket keeps the references.
     *     It is renewed three times as often. 300 milliseconds to 15 minutes.
     * @param sweepInterval How often references of dead processes are looked for in the bucket. Zero for never.
     * @param connections How many requests one transfer has under way at a time. The client needs as many connections,
     *     see 'spring.cloud.aws.s3'. 1 to 256.
     * @param timeout How long a request may take, and a second more for each 64 KiB that it carries.
     */
    public record S3(
            @Nullable String path,
            @DefaultValue("60s") Duration lease,
            @DefaultValue("5m") Duration sweepInterval,
            @DefaultValue("12") Integer connections,
            @DefaultValue("30s") Duration timeout) {

        public S3 {
            path = StringUtils.hasText(path) ? path.trim() : null;
        }
    }

    /**
     * References in Redis.
     *
     * @param enabled Whether references are kept in Redis. If not set, they are if a host is. Without a host, in the
     *     Redis of the application's own connection.
     * @param host Host of the Redis server. If not set, and Redis is enabled, that of the application's own connection.
     * @param port Port of the Redis server.
     * @param username User to log in as. If not set, the server's default user.
     * @param password Password to log in with.
     * @param ssl TLS.
     * @param database Database index. Everybody who shares caches uses the same.
     * @param namespace Name under which those who share caches keep their references. 1 to 100 letters, digits and '.',
     *     '_', ':', '-'.
     * @param lease How long a process may be silent before others take it for dead. It is renewed three times as often.
     *     300 milliseconds to one day.
     * @param timeout How long one command may take. At most a third of the lease.
     * @param failFast Whether the application fails to start if Redis cannot be reached.
     */
    public record Redis(
            @Nullable Boolean enabled,
            @Nullable String host,
            @DefaultValue("6379") Integer port,
            @Nullable String username,
            @Nullable String password,
            @DefaultValue Ssl ssl,
            @DefaultValue("0") Integer database,
            @DefaultValue(NAMESPACE) String namespace,
            @DefaultValue("30s") Duration lease,
            @DefaultValue("2s") Duration timeout,
            @DefaultValue("false") Boolean failFast) {

        private static final String NAMESPACE = "monolith";

        /** Texts that are empty count as absent, as every other empty value does. */
        public Redis {
            host = StringUtils.hasText(host) ? host.trim() : null;
            username = StringUtils.hasText(username) ? username : null;
            password = StringUtils.hasText(password) ? password : null;
            namespace = StringUtils.hasText(namespace) ? namespace : NAMESPACE;
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Redis[enabled=" + enabled + ", host=" + host + ", port=" + port + ", namespace=" + namespace + "]";
        }
    }

    /**
     * TLS. Beside these two, 'ssl: true' is understood.
     *
     * @param enabled Whether to use TLS. If not set, it is used if a bundle is set.
     * @param bundle Name of the SSL bundle to use. If not set, what the JDK trusts.
     */
    public record Ssl(@Nullable Boolean enabled, @Nullable String bundle) {

        public Ssl {
            bundle = StringUtils.hasText(bundle) ? bundle : null;
        }

        /** For {@code ssl: true} or {@code false}; found by Spring's conversion. Nothing else is taken for off. */
        public static Ssl of(String enabled) {
            return switch (enabled.trim().toLowerCase(Locale.ROOT)) {
                case "" -> new Ssl(null, null);
                case "true" -> new Ssl(true, null);
                case "false" -> new Ssl(false, null);
                default -> throw new IllegalArgumentException("'" + enabled + "' is neither 'true' nor 'false'");
            };
        }

        /** Whether it is to be used, as Boot decides it. */
        public boolean isEnabled() {
            return enabled == null ? bundle != null : enabled;
        }
    }

    /**
     * Cache scopes.
     *
     * @param storage Storage in which the directory of a scope is made. If not set, that of all new directories. Set it
     *     to 'local' where those are in S3, and scopes work with paths.
     */
    public record Scopes(@Nullable String storage) {

        public Scopes {
            storage = StringUtils.hasText(storage) ? storage.trim().toLowerCase(Locale.ROOT) : null;
        }
    }

    /** Keeps in a native image what is found by reflection beside the constructors. */
    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            Method of = ReflectionUtils.findMethod(Ssl.class, "of", String.class);
            hints.reflection().registerMethod(Objects.requireNonNull(of), ExecutableMode.INVOKE);
        }
    }

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

    /**
     * Files that are kept by their content.
     *
     * @param enabled Whether there is a cache of files.
     * @param path Folder in which 'monolith-cache-files' is created, shared by the processes that have the same. If not
     *     set, where cache directories are on the local disk.
     * @param index Index that lists what is kept. If 'json' or 'csv', one file that people can read, for one process
     *     and up to some ten thousand files.
     * @param limits Limits of what is kept.
     * @param eviction Policy that decides what goes when there is no room.
     * @param verification When a file is compared with its checksum.
     * @param memory Space for small values in memory, in front of the disk. Zero for none. Needs Caffeine.
     * @param archive Archive behind the local disk.
     * @param sync Whether what is kept survives the loss of power too, once it was added. Costs up to ten times the
     *     time of an add.
     */
    public record Files(
            @DefaultValue("true") Boolean enabled,
            @Nullable String path,
            @DefaultValue("sqlite") IndexType index,
            @DefaultValue Limits limits,
            @DefaultValue("lru") EvictionPolicy eviction,
            @DefaultValue("first-read") Verification verification,
            @DefaultValue("0B") DataSize memory,
            @DefaultValue Archive archive,
            @DefaultValue("false") Boolean sync) {

        public Files {
            path = StringUtils.hasText(path) ? path : null;
        }
    }

    /** How a store lists its entries. */
    public enum IndexType {

        /** A database, for any number of entries and processes. */
        SQLITE,

        /** One JSON file, for one process. */
        JSON,

        /** One CSV file, for one process. */
        CSV
    }

    /**
     * Limits of a store.
     *
     * @param size Space on the disk that is never exceeded, in whole blocks.
     * @param entries Number of entries that is never exceeded. If not set, any.
     * @param age Time after which an entry goes, however often it is read. If not set, none.
     * @param idle Time after which an entry goes if nobody reads it. If not set, none.
     * @param keepFree Space of the disk that is left for others.
     */
    public record Limits(
            @DefaultValue("10GB") DataSize size,
            @Nullable Long entries,
            @Nullable Duration age,
            @Nullable Duration idle,
            @DefaultValue("1GB") DataSize keepFree) {}

    /**
     * Archive behind a store.
     *
     * @param type Type of the archive, from which a file comes back that is not on the local disk.
     * @param location Where the archive is: a folder, or s3://bucket/prefix. Everybody who shares it has the same.
     * @param mode When a file is archived. If 'before', before it counts as added.
     */
    public record Archive(
            @DefaultValue("none") ArchiveType type,
            @Nullable String location,
            @DefaultValue("before") ArchiveMode mode) {

        public Archive {
            location = StringUtils.hasText(location) ? location.trim() : null;
        }
    }

    /** What an archive is kept in. */
    public enum ArchiveType {

        /** There is no archive. */
        NONE,

        /** A folder, such as one of a network file system. */
        DIRECTORY,

        /** A bucket. */
        S3
    }

    /** When a file is archived. */
    public enum ArchiveMode {

        /** Before it counts as added: what was added is never lost. */
        BEFORE,

        /** After that, in the background. */
        BEHIND
    }
}
