// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The ids of all jobs in the root, newest first, whichever process made them. Ids sort by creation, so no other order
 * has to be kept.
 *
 * <p>The cache manager lists in the other order and asks about each cache, so not all of them are listed for every
 * page: all every ten seconds, in between those that were made in the last minute. A job that has gone stays here until
 * then, therefore whoever takes an id from here looks whether there still is a job.
 */
@Component
class JobIndex {

    private static final int PAGE = 1_000;

    private static final Duration ALL_EVERY = Duration.ofSeconds(10);

    /** What is made takes its time to appear, and the clocks of several servers differ by this much at most. */
    private static final Duration RECENT = Duration.ofMinutes(1);

    private final CacheManager caches;
    private volatile @Nullable Look last;

    JobIndex(CacheManager caches) {
        this.caches = caches;
    }

    /**
     * What was seen.
     *
     * @param horizon nothing new comes before it; null if it may come anywhere
     * @param began when everything was looked at
     */
    private record Look(
            NavigableSet<CacheId> jobs, @Nullable CacheId horizon, Instant began) {

        static Look first(Instant now) {
            return new Look(new ConcurrentSkipListSet<>(Comparator.reverseOrder()), null, now);
        }

        boolean isOld(Instant now) {
            return now.isAfter(began.plus(ALL_EVERY));
        }
    }

    /** The ids after the given one, which need not exist; all when it is null. */
    Collection<CacheId> after(@Nullable CacheId id) {
        NavigableSet<CacheId> jobs = look(Instant.now()).jobs();
        return id == null ? jobs : jobs.tailSet(id, false);
    }

    /** Of two threads that do this at once, the slower one makes the next look longer, and no job is overlooked. */
    private Look look(Instant now) {
        Look before = last;
        Look look = lookOn(before == null || before.isOld(now) ? Look.first(now) : before, now);
        last = look;
        return look;
    }

    private Look lookOn(Look look, Instant now) {
        CacheId horizon = look.horizon();
        CacheId after = horizon;
        List<CacheDescription> page;
        do {
            page = caches.list(after, PAGE);
            for (CacheDescription cache : page) {
                after = cache.id();
                if (after.time().isBefore(now.minus(RECENT))) {
                    horizon = after;
                }
                if (JobMetadata.in(cache).isPresent()) {
                    look.jobs().add(after);
                }
            }
        } while (page.size() == PAGE);
        return new Look(look.jobs(), horizon, look.began());
    }
}
