// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.function.Supplier;

/**
 * Stands around what a manager does, to measure or to trace it; a {@link CacheListener} only hears of it afterwards.
 * What it is given is to be run once. Implementations must be safe for use by several threads, and quick.
 */
public interface CacheInstrumentation {

    /** Changes nothing. */
    CacheInstrumentation NONE = new CacheInstrumentation() {};

    /**
     * Runs a create, on the thread that asked for it.
     *
     * @param storage what descriptions of caches call the storage
     * @return what it returns; what it throws is to be thrown
     */
    default CacheDirectory create(String storage, Supplier<CacheDirectory> creation) {
        return creation.get();
    }

    /**
     * Is given the deletion of the files of a cache that was wiped, on the thread that wiped it. The cache has vanished
     * already; its files are deleted now or later, on this thread or another, or by the next sweep if this process ends
     * before.
     *
     * @param storage what descriptions of caches call the storage
     * @return what is to be run instead, and runs the deletion
     */
    default Runnable wipe(String storage, Runnable deletion) {
        return deletion;
    }
}
