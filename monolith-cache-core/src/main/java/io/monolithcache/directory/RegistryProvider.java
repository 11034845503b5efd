// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Internal: opens a registry over any storage. */
public interface RegistryProvider {

    /** What a root calls the registry that keeps it, so that no other one does. */
    String name();

    /** Which of several sets of caches it keeps: a root belongs to one of them. Null if it keeps one only. */
    default @Nullable String namespace() {
        return null;
    }

    /**
     * A registry that is not started yet.
     *
     * @param clock tells the time by which callers give the ends of locks
     */
    ReferenceRegistry open(DirectoryStorage storage, Clock clock);
}
