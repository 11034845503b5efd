// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheRootException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/**
 * Attaches to the jobs that were kept: before the web server takes requests, or, if Redis is away then, with the first
 * request after it has come. Until then their locks keep them.
 */
@Component
class KeptJobs implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(KeptJobs.class);

    private static final int PAGE = 1_000;

    private final CacheManager caches;
    private final HeldJobs held;
    private final ReentrantLock attaching = new ReentrantLock();
    private volatile boolean attached;

    KeptJobs(CacheManager caches, HeldJobs held) {
        this.caches = caches;
        this.held = held;
    }

    @Override
    public void afterSingletonsInstantiated() {
        try {
            attach();
        } catch (CacheRootException unusable) {
            throw unusable;
        } catch (CacheBackendException failure) {
            log.warn("The kept jobs are looked for later: {}", failure.getMessage());
        }
    }

    /** Does nothing where it is done, or another thread does it: a hundred that wait for Redis wait side by side. */
    void attach() {
        if (attached || !attaching.tryLock()) {
            return;
        }
        try {
            if (!attached) {
                log.info("Attached to {} kept jobs", attachAll());
                attached = true;
            }
        } finally {
            attaching.unlock();
        }
    }

    private int attachAll() {
        int kept = 0;
        List<CacheDescription> page = caches.list(null, PAGE);
        while (!page.isEmpty()) {
            for (CacheDescription cache : page) {
                if (cache.locked() && JobMetadata.in(cache).isPresent() && attach(cache.id())) {
                    kept++;
                }
            }
            page = caches.list(page.get(page.size() - 1).id(), PAGE);
        }
        return kept;
    }

    private boolean attach(CacheId id) {
        try {
            held.put(caches.attach(id));
            return true;
        } catch (CacheNotFoundException evictedThisInstant) {
            return false;
        }
    }
}
