// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.RegistryProvider;

/**
 * Internal: makes the registry of one technology, as a bean where that is on the class path. Which one is used is
 * decided from the properties of the run.
 */
public interface RegistrySource {

    /** As {@code monolith.cache.registry} has it. */
    String name();

    /**
     * A registry that connects on first use.
     *
     * @param properties of which those of this technology have been checked one by one
     * @throws InvalidCacheSettingsException if they name what there is not
     */
    RegistryProvider registry(MonolithCacheProperties properties);
}
