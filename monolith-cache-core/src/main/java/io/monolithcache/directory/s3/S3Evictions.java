// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheOwner;
import io.monolithcache.owner.OwnerName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Wipes caches that an operator names. Only by force while somebody references them. */
final class S3Evictions {

    private final StateChain states;
    private final S3Owner owner;
    private final Liveness liveness;
    private final S3Wipe wipe;

    S3Evictions(StateChain states, S3Owner owner, Liveness liveness, S3Wipe wipe) {
        this.states = states;
        this.owner = owner;
        this.liveness = liveness;
        this.wipe = wipe;
    }

    void evict(CacheId id) {
        LeaseChain me = owner.ready();
        Map<String, Boolean> dead = new HashMap<>(Map.of(me.name(), false));
        wipe(id, seen -> {
            CacheState state = seen.state();
            if (seen.tried() && !state.isLive()) {
                return state;
            }
            S3References.requireLive(id, state);
            List<CacheOwner> living = new ArrayList<>();
            state.owners().forEach((name, host) -> {
                if (!dead.computeIfAbsent(name, liveness::isDead)) {
                    living.add(describe(name, host));
                }
            });
            if (!living.isEmpty()) {
                throw new CacheInUseException(id, living);
            }
            return state.wiping();
        });
    }

    /** Those who reference it see that at their next operation. */
    void evictForcibly(CacheId id) {
        LeaseChain unused = owner.ready();
        wipe(id, seen -> {
            if (!seen.tried()) {
                S3References.requireLive(id, seen.state());
            }
            return seen.state().isLive() ? seen.state().wiping() : seen.state();
        });
        owner.claims().remove(id);
    }

    /** @throws CacheNotFoundException if there is no such cache */
    private void wipe(CacheId id, StateChain.Change change) {
        StateChain.Changed unused = states.change(id, change);
        wipe.inBackground(id);
    }

    /** The owner behind a name, as others are told of it. */
    static CacheOwner describe(String name, String host) {
        return OwnerName.parse(name)
                .map(owner -> new CacheOwner(name, host, owner.pid(), Instant.ofEpochMilli(owner.startedAt())))
                .orElseGet(() -> new CacheOwner(name, host, 0, Instant.EPOCH));
    }
}
