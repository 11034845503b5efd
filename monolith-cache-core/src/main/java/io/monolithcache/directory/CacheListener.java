// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;

/**
 * Hears what this process does or learns. Called on the thread that did it, after it was done and with no mutex held,
 * so it may use the manager; what a listener throws is logged and goes no further. Implementations must be safe for use
 * by several threads, and quick.
 */
public interface CacheListener {

    /** This manager created a cache. */
    default void created(CacheId id, URI location) {}

    /** This manager wiped a cache: by its last release, an unlock, an evict or a sweep. */
    default void wiped(CacheId id, URI location) {}

    /** This manager learnt that a cache which it holds was evicted by force, or removed by hand. */
    default void lost(CacheId id, URI location) {}

    /** A handle was dropped without being closed. */
    default void leaked(CacheId id, URI location) {}

    /** This manager swept, in the background or because it was asked to; or skipped that, which the report says. */
    default void swept(SweepReport report) {}

    /** The same, of one of several storages. */
    default void swept(String storage, SweepReport report) {
        swept(report);
    }

    /** A sweep of this manager failed. */
    default void sweepFailed(RuntimeException failure) {}

    /** The same, of one of several storages. */
    default void sweepFailed(String storage, RuntimeException failure) {
        sweepFailed(failure);
    }
}
