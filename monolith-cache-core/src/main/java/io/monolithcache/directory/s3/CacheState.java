// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one version says of a cache. It never changes; the next version says something else.
 *
 * @param owners who references it: the name of each, and its host
 * @param lockedUntil the end of its lock, {@link #FOR_EVER} for one without, null if it has none
 * @param metadata of a cache that lives
 */
record CacheState(
        Phase phase, Map<String, String> owners, @Nullable Instant lockedUntil, Map<String, Object> metadata) {

    /** From one to the next and never back. */
    enum Phase {
        LIVE,
        /** Nobody may come to it any more; its data are being deleted. */
        WIPING,
        /** Nothing is left but this. */
        WIPED
    }

    /** The end of a lock that has none. */
    static final Instant FOR_EVER = Instant.MAX;

    CacheState {
        owners = Collections.unmodifiableMap(new LinkedHashMap<>(owners));
    }

    static CacheState created(String owner, String host, Map<String, Object> metadata) {
        return new CacheState(Phase.LIVE, Map.of(owner, host), null, metadata);
    }

    boolean isLive() {
        return phase == Phase.LIVE;
    }

    boolean names(String owner) {
        return owners.containsKey(owner);
    }

    boolean isLocked(Instant now) {
        return lockedUntil != null && lockedUntil.isAfter(now);
    }

    /** {@return this, if it names the owner already} */
    CacheState with(String owner, String host) {
        if (names(owner)) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(owners);
        more.put(owner, host);
        return new CacheState(phase, more, lockedUntil, metadata);
    }

    /** {@return this, if it names none of them} */
    CacheState without(Collection<String> gone) {
        Map<String, String> fewer = new LinkedHashMap<>(owners);
        fewer.keySet().removeAll(gone);
        return fewer.size() == owners.size() ? this : new CacheState(phase, fewer, lockedUntil, metadata);
    }

    /** {@return this, if it is locked for as long already: a lock never shortens another} */
    CacheState locked(Instant until) {
        return lockedUntil != null && !lockedUntil.isBefore(until)
                ? this
                : new CacheState(phase, owners, until, metadata);
    }

    /** {@return this, if it has no lock} */
    CacheState unlocked() {
        return lockedUntil == null ? this : new CacheState(phase, owners, null, metadata);
    }

    /** {@return this, unless its lock has ended} */
    CacheState withoutEndedLock(Instant now) {
        return isLocked(now) ? this : unlocked();
    }

    CacheState withMetadata(Map<String, Object> other) {
        return new CacheState(phase, owners, lockedUntil, other);
    }

    /** Wiping, if nobody references it and no lock stands; else this. */
    CacheState wipingIfUnneeded(Instant now) {
        return owners.isEmpty() && !isLocked(now) ? wiping() : this;
    }

    CacheState wiping() {
        return new CacheState(Phase.WIPING, Map.of(), null, Map.of());
    }

    CacheState wiped() {
        return new CacheState(Phase.WIPED, Map.of(), null, Map.of());
    }

    /** A version of a cache, as it was read. */
    record Version(CacheId id, long number, CacheState state) {}
}
