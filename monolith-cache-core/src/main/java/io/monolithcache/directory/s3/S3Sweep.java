// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.s3.OwnClock.Moment;
import io.monolithcache.directory.s3.StateChain.Changed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops what the dead held, wipes what nobody needs, and deletes what is left over and old enough. It goes over the ids
 * in their order, a page of data at a time: the data are listed before the states of the same ids, or else the data of
 * a new cache would be taken for what somebody left.
 *
 * <pre>
 * LIST owners/; then for each page of LIST caches/ (with delimiter) the part of LIST registry/ that has the same ids:
 *   no version 1 → delete the other versions, and the data
 *   wiping → wipe
 *   wiped, and older than H → delete version 1, then the rest
 *   live → drop the dead, and a lock that has ended; nobody left and no lock → wiping, wipe
 *   versions that are neither the highest nor 1, and whose successor is older than H → delete
 * chains that end with a dead mark older than H → delete, the mark last
 * </pre>
 *
 * <p>A version is read once, since it never changes: a pass over 10,000 caches that nobody touched is some 40 requests.
 */
final class S3Sweep {

    private static final Logger log = LoggerFactory.getLogger(S3Sweep.class);

    private final S3Objects bucket;
    private final S3RegistrySettings settings;
    private final StateChain states;
    private final DirectoryStorage storage;
    private final S3Owner owner;
    private final S3References references;
    private final StoreTime time;
    private final Liveness liveness;
    private final S3Wipe wipe;
    private final OwnClock clock;
    private final ReentrantLock running = new ReentrantLock();

    S3Sweep(
            S3Objects bucket,
            S3RegistrySettings settings,
            StateChain states,
            DirectoryStorage storage,
            S3Owner owner,
            S3References references,
            StoreTime time,
            Liveness liveness,
            S3Wipe wipe,
            OwnClock clock) {
        this.bucket = bucket;
        this.settings = settings;
        this.states = states;
        this.storage = storage;
        this.owner = owner;
        this.references = references;
        this.time = time;
        this.liveness = liveness;
        this.wipe = wipe;
        this.clock = clock;
    }

    SweepReport run() {
        if (!storage.isIntact()) {
            return SweepReport.skipped("the root holds no registry, or another one than at the start of this process");
        }
        if (!running.tryLock()) {
            return SweepReport.skipped("another sweep of this process is under way");
        }
        try {
            return new Pass().run();
        } finally {
            running.unlock();
        }
    }

    private final class Pass {

        private final long start = System.nanoTime();

        /** Whether each owner that was looked at is dead. */
        private final Map<String, Boolean> dead = new HashMap<>();

        private final Set<String> dropped = new HashSet<>();
        private final Map<CacheId, Moment> confirmed = new HashMap<>();
        private int referencesDropped;
        private int locksEnded;
        private int directories;
        private int trash;

        SweepReport run() {
            new Listing(bucket, S3Keys.OWNERS).forEach(null, null, this::lookAtOwner);
            CacheId after = null;
            DataPage page;
            do {
                Moment begin = clock.now();
                page = DataPage.list(bucket, after);
                Set<CacheId> unknown = new HashSet<>(page.ids());
                new Listing(bucket, S3Keys.REGISTRY).forEach(after, page.last(), versions -> {
                    CacheId id = versions.id();
                    if (id != null) {
                        boolean hasData = unknown.remove(id);
                        attempt(id, () -> lookAt(id, versions, hasData));
                    }
                });
                unknown.forEach(id -> attempt(id, () -> deleteOrphan(id)));
                // as of before they were listed: something may have happened to them since
                confirmed.forEach((id, seen) -> owner.claims().confirm(id, seen, begin));
                confirmed.clear();
                after = page.last();
            } while (after != null);
            states.endSweep();
            storage.preparers().stream().filter(this::isDead).forEach(storage::removePrepared);
            trash += storage.purge();
            return new SweepReport(
                    null,
                    dropped.size(),
                    referencesDropped,
                    locksEnded,
                    directories,
                    trash,
                    Duration.ofNanos(System.nanoTime() - start));
        }

        private void lookAtOwner(Numbered links) {
            String name = S3Keys.name(S3Keys.OWNERS, links.folder());
            if (name == null || !LeaseLink.isOwner(name) || name.equals(owner.name())) {
                return;
            }
            boolean marked = !links.isEmpty() && links.isDeadMark();
            if (!liveness.isSuspect(links)) {
                dead.put(name, false);
            } else if (isDead(name) && !marked) {
                dropped.add(name);
            }
            liveness.removeIfLongDead(links);
        }

        /** An owner who is not listed may have come since, so that it is looked at on its own. */
        private boolean isDead(String name) {
            return !name.equals(owner.name()) && dead.computeIfAbsent(name, liveness::isDead);
        }

        /** One cache that cannot be looked at does not keep the others from being swept. */
        private void attempt(CacheId id, Runnable step) {
            try {
                step.run();
            } catch (CacheNotFoundException removedMeanwhile) {
                log.debug("Cache {} was removed meanwhile", id);
            } catch (CacheBackendException failure) {
                log.warn("Cache {} could not be swept; the next sweep tries again", id, failure);
            }
        }

        private void lookAt(CacheId id, Numbered versions, boolean hasData) {
            if (!versions.hasFirst()) {
                states.remove(id, versions);
                if (hasData) {
                    deleteOrphan(id);
                }
                return;
            }
            CacheState state = states.version(id, versions.highest());
            if (state == null) {
                return;
            }
            switch (state.phase()) {
                case WIPING -> finish(id);
                case WIPED -> {
                    if (hasData) {
                        // of an upload that came to its end later
                        wipe.deleteData(id);
                    }
                    if (versions.isOlder(versions.highest(), settings.horizon())) {
                        states.remove(id, versions);
                        return;
                    }
                }
                case LIVE -> lookAtLiving(id, state, versions.date());
            }
            states.compact(versions, settings.horizon());
        }

        private void finish(CacheId id) {
            if (wipe.run(id)) {
                directories++;
            }
        }

        /** Without version 1 now, and listed before. */
        private void deleteOrphan(CacheId id) {
            if (!Numbered.list(bucket, S3Keys.versions(id)).hasFirst()) {
                wipe.deleteData(id);
                trash++;
            }
        }

        private void lookAtLiving(CacheId id, CacheState state, Instant date) {
            LeaseChain me = owner.life();
            if (me != null && state.names(me.name())) {
                Moment seen = owner.claims().seen(id);
                if (seen == null) {
                    references.correct(me, id);
                    return;
                }
                confirmed.put(id, seen);
            }
            List<String> gone =
                    state.owners().keySet().stream().filter(this::isDead).toList();
            if (!next(state, gone, time.now(date)).equals(state)) {
                change(id, gone);
            }
        }

        private static CacheState next(CacheState state, List<String> gone, Instant now) {
            return state.without(gone).withoutEndedLock(now).wipingIfUnneeded(now);
        }

        private void change(CacheId id, List<String> gone) {
            CacheState[] before = new CacheState[1];
            Changed changed = states.change(id, seen -> {
                before[0] = seen.state();
                return seen.state().isLive() ? next(seen.state(), gone, time.now(seen.answered())) : seen.state();
            });
            if (changed.mine()) {
                CacheState old = Objects.requireNonNull(before[0]);
                List<String> found = new ArrayList<>(gone);
                found.retainAll(old.owners().keySet());
                dropped.addAll(found);
                referencesDropped += found.size();
                locksEnded += old.lockedUntil() == null ? 0 : 1;
                locksEnded -= changed.state().lockedUntil() == null ? 0 : 1;
            }
            if (changed.state().phase() == CacheState.Phase.WIPING) {
                finish(id);
            }
        }
    }
}
