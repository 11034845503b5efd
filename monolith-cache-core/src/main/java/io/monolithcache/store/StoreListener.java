// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

/**
 * Hears what this process does to a store, in the thread that does it, so that it must be quick. What it throws is
 * logged.
 */
public interface StoreListener {

    /** An entry was stored, or replaced. */
    default void stored(String hash, long length) {}

    /** An entry is no longer there. */
    default void removed(String hash, EvictionCause cause) {}
}
