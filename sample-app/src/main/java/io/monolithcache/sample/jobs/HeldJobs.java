// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.SweepReport;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The handles by which this process holds jobs: those that it made, until their time is up, and those that are kept.
 *
 * <p>A bean that is a {@link CacheListener} hears from the cache manager, so what becomes of a job elsewhere is noticed
 * here: it is wiped because its time is up, evicted by an operator, or deleted through another process, which is
 * noticed with the next sweep.
 */
@Component
class HeldJobs implements CacheListener {

    private static final Logger log = LoggerFactory.getLogger(HeldJobs.class);

    private final ConcurrentMap<CacheId, CacheDirectory> handles = new ConcurrentHashMap<>();

    boolean contains(CacheId id) {
        return handles.containsKey(id);
    }

    /** Adds a job, or replaces its handle, which is closed then. */
    void put(CacheDirectory handle) {
        close(handles.put(handle.id(), handle));
    }

    /** Lets go of a job. */
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

    @Override
    public void swept(SweepReport report) {
        handles.forEach((id, handle) -> {
            if (!isJob(handle) && handles.remove(id, handle)) {
                handle.close();
            }
        });
    }

    private static boolean isJob(CacheDirectory handle) {
        try {
            return JobMetadata.isIn(handle);
        } catch (CacheLostException | IllegalStateException lostOrItsTimeIsUp) {
            return false;
        } catch (CacheBackendException failure) {
            log.debug("Looked at again after the next sweep: {}", failure.getMessage());
            return true;
        }
    }
}
