// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import io.monolithcache.directory.CacheId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What there should be of one cache. */
final class ExpectedCache {

    static final long FOR_EVER = Long.MAX_VALUE;

    final CacheId id;
    final Map<String, Object> metadata = new HashMap<>();
    final Map<String, String> files = new TreeMap<>();

    /** Managers that reference it, by number. */
    final Set<Integer> holders = new HashSet<>();

    /** References that processes left when they died, by the name of the owner. */
    final Set<String> deadReferences = new HashSet<>();

    /** Ends of its locks in milliseconds; those whose time is up count until a sweep. */
    final TreeSet<Long> locks = new TreeSet<>();

    boolean exists = true;

    ExpectedCache(CacheId id) {
        this.id = id;
    }

    /** A lock never shortens another. */
    void lock(long until) {
        if (until != FOR_EVER) {
            locks.removeIf(other -> other < until);
        }
        locks.add(until);
    }

    boolean isNeeded() {
        return !holders.isEmpty() || !deadReferences.isEmpty() || !locks.isEmpty();
    }

    Optional<Long> lockEnd(long now) {
        return locks.isEmpty() || locks.last() <= now ? Optional.empty() : Optional.of(locks.last());
    }

    int references() {
        return holders.size() + deadReferences.size();
    }

    List<String> lockNames() {
        List<String> names = new ArrayList<>();
        locks.forEach(until -> names.add(until == FOR_EVER ? "locked" : "locked-until-" + until));
        return names;
    }
}
