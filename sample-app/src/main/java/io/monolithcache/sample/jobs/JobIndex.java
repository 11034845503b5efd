// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import java.net.URI;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The jobs of this process, newest first, each with the handle that holds it. Ids sort by creation, so no other order
 * has to be kept.
 *
 * <p>A bean that is a {@link CacheListener} hears from the cache manager, so a job that is wiped because its time is up
 * leaves the list by itself. Whoever asks in that instant may still see it.
 */
@Component
class JobIndex implements CacheListener {

    private final ConcurrentNavigableMap<CacheId, CacheDirectory> handles =
            new ConcurrentSkipListMap<>(Comparator.reverseOrder());

    boolean contains(CacheId id) {
        return handles.containsKey(id);
    }

    /** The ids after the given one, which need not exist; all when it is null. */
    Collection<CacheId> after(@Nullable CacheId id) {
        return id == null ? handles.keySet() : handles.tailMap(id, false).keySet();
    }

    /** Adds a job, or replaces its handle, which is closed then. */
    void put(CacheDirectory handle) {
        close(handles.put(handle.id(), handle));
    }

    /** Forgets a job and closes its handle. */
    void remove(CacheId id) {
        close(handles.remove(id));
    }

    private static void close(@Nullable CacheDirectory handle) {
        if (handle != null) {
            handle.close();
        }
    }

    @Override
    public void wiped(CacheId id, URI location) {
        remove(id);
    }

    @Override
    public void lost(CacheId id, URI location) {
        remove(id);
    }
}
