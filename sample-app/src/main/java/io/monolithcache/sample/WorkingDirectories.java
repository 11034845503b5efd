// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import io.monolithcache.directory.CacheOptions;

/**
 * Directories to work in: on the disk of this machine, wherever jobs live, because DuckDB needs files. Those of
 * requests are there by {@code monolith.cache.scopes.storage}.
 */
public final class WorkingDirectories {

    /** How one is made. */
    public static final CacheOptions OPTIONS = CacheOptions.defaults().storage("local");

    private WorkingDirectories() {}
}
