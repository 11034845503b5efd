// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a child sees of the caches with its own eyes, and not through a manager. */
interface Sight {

    /** Those whose directories are there; none if that cannot be told now. */
    List<CacheId> ids();

    /**
     * What is not there of a cache that is held; null if all is there, or that cannot be told now.
     *
     * @param file one that was written; empty for none
     */
    @Nullable String missing(CacheId id, String file);

    /** Whether a look takes so little that everything that is held can be looked at all the time. */
    boolean isCheap();
}
