// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheOwner;
import io.monolithcache.directory.ReferenceRegistry.Found;
import io.monolithcache.directory.ReferenceRegistry.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which caches there are, and who stands behind them; of many, as few listings as there are pages of their states. */
final class S3Listing {

    /** What one listing shows, if each cache has one state. */
    private static final int BATCH = S3Objects.MOST_KEYS;

    private final S3Objects bucket;
    private final StateChain states;
    private final StoreTime time;

    S3Listing(S3Objects bucket, StateChain states, StoreTime time) {
        this.bucket = bucket;
        this.states = states;
        this.time = time;
    }

    /** Empty if there is no such cache, or its wipe has begun. */
    Optional<Standing> find(CacheId id) {
        return Optional.ofNullable(states.read(id)).flatMap(read -> standing(read.state(), read.answered()));
    }

    /** Those of many that are there, in their order. */
    Stream<Found> find(Stream<CacheId> ids) {
        Iterator<CacheId> all = ids.iterator();
        return Stream.iterate(batch(all), batch -> !batch.isEmpty(), last -> batch(all))
                .flatMap(batch -> find(batch).stream())
                .onClose(ids::close);
    }

    private static List<CacheId> batch(Iterator<CacheId> ids) {
        List<CacheId> batch = new ArrayList<>();
        while (ids.hasNext() && batch.size() < BATCH) {
            batch.add(ids.next());
        }
        return batch;
    }

    private List<Found> find(List<CacheId> ids) {
        Set<CacheId> wanted = new HashSet<>(ids);
        Map<CacheId, Standing> there = new HashMap<>();
        new Listing(bucket, S3Keys.REGISTRY).forEachFrom(Collections.min(ids), Collections.max(ids), versions -> {
            CacheId id = versions.id();
            if (id != null && wanted.contains(id) && versions.hasFirst()) {
                find(id, versions).ifPresent(standing -> there.put(id, standing));
            }
        });
        List<Found> found = new ArrayList<>(there.size());
        for (CacheId id : ids) {
            Standing standing = there.get(id);
            if (standing != null) {
                found.add(new Found(id, standing));
            }
        }
        return found;
    }

    private Optional<Standing> find(CacheId id, Numbered versions) {
        CacheState state = states.version(id, versions.highest());
        // replaced and deleted since it was listed
        return state == null ? find(id) : standing(state, versions.date());
    }

    private Optional<Standing> standing(CacheState state, Instant answered) {
        if (!state.isLive()) {
            return Optional.empty();
        }
        List<CacheOwner> owners = new ArrayList<>();
        state.owners().forEach((name, host) -> owners.add(S3Evictions.describe(name, host)));
        boolean locked = state.isLocked(time.now(answered));
        Instant until = state.lockedUntil();
        Instant end =
                !locked || until == null || until.equals(CacheState.FOR_EVER) ? null : time.ofOwn(until, answered);
        return Optional.of(new Standing(owners, locked, end, null, state.metadata()));
    }

    /** Those that have data, which is next to all that live, and of those that are gone none. */
    Stream<CacheId> all() {
        return DataPage.from(bucket, null).flatMap(page -> page.ids().stream());
    }

    /** A page in the order of ids. */
    List<CacheId> page(@Nullable CacheId after, int limit) {
        List<CacheId> ids = new ArrayList<>();
        CacheId from = after;
        do {
            DataPage page = DataPage.list(bucket, from);
            ids.addAll(page.ids());
            from = page.last();
        } while (from != null && ids.size() < limit);
        return List.copyOf(ids.subList(0, Math.min(limit, ids.size())));
    }
}
