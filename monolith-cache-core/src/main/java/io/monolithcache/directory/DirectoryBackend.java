// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Internal: the two seams of one manager. Where the bytes are, and who holds what.
 *
 * @param storage where the bytes are
 * @param registry who holds what; it drives the storage
 */
public record DirectoryBackend(DirectoryStorage storage, ReferenceRegistry registry) {

    /** Internal: opens a backend; found with {@link java.util.ServiceLoader}, so that this package names no storage. */
    public interface Provider {

        /** Looks at what is there and writes nothing. */
        DirectoryBackend open(Settings settings);
    }

    /**
     * Internal: what a backend needs of a builder's settings.
     *
     * @param registry keeps the references; null for the one that comes with the storage
     */
    public record Settings(
            @Nullable Path root,
            @Nullable String applicationName,
            OrphanPolicy orphans,
            boolean allowNetworkFileSystem,
            Clock clock,
            @Nullable RegistryProvider registry) {}
}
