// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

/**
 * What to do with cache directories whose registry is missing: somebody removed {@code .monolith} by hand, or restored
 * {@code caches} alone from a backup. Nobody knows then which of them are in use.
 */
public enum OrphanPolicy {
    /** Leave them, wipe nothing, and refuse to create caches until somebody has decided. */
    KEEP,
    /** Adopt them as locked caches. */
    LOCK,
    /** Wipe them. */
    WIPE
}
