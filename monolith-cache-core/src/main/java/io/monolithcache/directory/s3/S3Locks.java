// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.s3.CacheState.Phase;
import io.monolithcache.directory.s3.StateChain.Changed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Locks and unlocks caches; nobody needs a reference for that. */
final class S3Locks {

    private final StateChain states;
    private final S3Wipe wipe;
    private final StoreTime time;

    S3Locks(StateChain states, S3Wipe wipe, StoreTime time) {
        this.states = states;
        this.wipe = wipe;
        this.time = time;
    }

    void lock(CacheId id, @Nullable Instant until) {
        Changed unused = states.change(id, seen -> {
            S3References.requireLive(id, seen.state());
            Instant end = until == null ? CacheState.FOR_EVER : time.ofStore(until, seen.asked(), seen.answered());
            return seen.state().locked(end);
        });
    }

    /** Whether that wiped it, because nobody references it. */
    boolean unlock(CacheId id) {
        Changed changed = states.change(id, seen -> {
            CacheState state = seen.state();
            if (seen.tried() && !state.isLive()) {
                return state;
            }
            S3References.requireLive(id, state);
            return state.lockedUntil() == null ? state : state.unlocked().wipingIfUnneeded(time.now(seen.answered()));
        });
        if (changed.state().phase() == Phase.WIPING) {
            wipe.inBackground(id);
        }
        return !changed.state().isLive();
    }
}
