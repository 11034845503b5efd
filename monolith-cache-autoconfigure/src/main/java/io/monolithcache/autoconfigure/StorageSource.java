// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.DirectoryBackend;

/**
 * Internal: makes the storage of one technology, as a bean where that is on the class path. Which ones are used is
 * decided from the properties of the run.
 */
public interface StorageSource {

    /** As {@code monolith.cache.storage} has it. */
    String name();

    /**
     * A storage that asks nothing before its first use.
     *
     * @param properties of which those of this technology have been checked one by one
     * @throws InvalidCacheSettingsException if they name what there is not
     */
    DirectoryBackend.Provider storage(MonolithCacheProperties properties);
}
