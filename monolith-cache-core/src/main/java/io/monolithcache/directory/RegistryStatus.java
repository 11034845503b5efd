// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a registry that works says of itself.
 *
 * @param name as {@code monolith.cache.registry} has it, for instance {@code redis}
 * @param namespace which of several sets of caches it keeps; null if it keeps one only
 * @param answeredIn how long a server took to answer; null if there is none to be asked
 * @param leaseAge how long ago the lease of this process was renewed; null while it has none
 */
public record RegistryStatus(
        String name,
        @Nullable String namespace,
        @Nullable Duration answeredIn,
        @Nullable Duration leaseAge) {}
