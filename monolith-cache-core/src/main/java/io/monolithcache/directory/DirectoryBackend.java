// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Internal: the two seams of one manager. Where the bytes are, and who holds what.
 *
 * @param storage where the bytes are
 * @param registry who holds what; it drives the storage
 * @param sweepInterval how often it is to be swept; null for what the manager's settings say
 */
public record DirectoryBackend(
        DirectoryStorage storage,
        ReferenceRegistry registry,
        @Nullable Duration sweepInterval) {

    public DirectoryBackend(DirectoryStorage storage, ReferenceRegistry registry) {
        this(storage, registry, null);
    }

    /**
     * Internal: opens a backend. That of the local disk is found with {@link java.util.ServiceLoader}, so that this
     * package names no storage.
     */
    public interface Provider {

        /** What descriptions of caches call the storage. */
        String name();

        /** Looks at what is there and writes nothing. */
        DirectoryBackend open(Settings settings);
    }

    /**
     * Internal: what a backend needs of a builder's settings.
     *
     * @param registry keeps the references; null for the one that comes with the storage
     * @param scratch a local folder for what a storage elsewhere has here; asked for when one is needed
     */
    public record Settings(
            @Nullable Path root,
            @Nullable String applicationName,
            OrphanPolicy orphans,
            boolean allowNetworkFileSystem,
            Clock clock,
            @Nullable RegistryProvider registry,
            Supplier<Path> scratch) {

        /** For the local disk itself. */
        public Settings(
                @Nullable Path root,
                @Nullable String applicationName,
                OrphanPolicy orphans,
                boolean allowNetworkFileSystem,
                Clock clock,
                @Nullable RegistryProvider registry) {
            this(root, applicationName, orphans, allowNetworkFileSystem, clock, registry, () -> {
                throw new IllegalStateException("The local disk needs no other place");
            });
        }

        /** For a storage elsewhere. */
        Settings withScratch(Supplier<Path> folder) {
            return new Settings(root, applicationName, orphans, allowNetworkFileSystem, clock, registry, folder);
        }
    }
}
