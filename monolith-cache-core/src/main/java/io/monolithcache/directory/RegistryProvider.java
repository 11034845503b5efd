// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.time.Clock;

/** Internal: opens a registry over any storage. */
public interface RegistryProvider {

    /** What a root calls the registry that keeps it, so that no other one does. */
    String name();

    /**
     * A registry that is not started yet.
     *
     * @param clock tells the time by which callers give the ends of locks
     */
    ReferenceRegistry open(DirectoryStorage storage, Clock clock);
}
