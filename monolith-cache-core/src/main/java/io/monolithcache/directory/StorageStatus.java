// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a storage showed that can be used.
 *
 * @param storage what descriptions of caches call it
 * @param location where the caches are kept, or would be after the first use
 * @param inUse whether this manager works there; not before its first use
 * @param freeSpace bytes that this process may still write there; null if the storage knows no limit
 * @param totalSpace bytes that the storage has in all; null if it knows no limit
 */
public record StorageStatus(
        String storage,
        URI location,
        boolean inUse,
        @Nullable Long freeSpace,
        @Nullable Long totalSpace) {}
