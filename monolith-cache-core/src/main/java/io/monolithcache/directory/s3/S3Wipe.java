// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.s3.CacheState.Phase;
import io.monolithcache.directory.s3.StateChain.Changed;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes what a state that says {@code wiping} has begun: deletes the data, then says {@code wiped}. Several may do
 * it at the same time; the one whose version says so last tells of it.
 */
final class S3Wipe {

    private static final Logger log = LoggerFactory.getLogger(S3Wipe.class);

    private final StateChain states;
    private final Consumer<CacheId> deletion;
    private final Supplier<ReferenceRegistry.Listener> listener;

    S3Wipe(StateChain states, Consumer<CacheId> deletion, Supplier<ReferenceRegistry.Listener> listener) {
        this.states = states;
        this.deletion = deletion;
        this.listener = listener;
    }

    /** Does something for which nobody need wait. */
    void later(Runnable work) {
        listener.get().inBackground(work);
    }

    /** Later, perhaps: for everybody it is gone already. */
    void inBackground(CacheId id) {
        listener.get().inBackground(() -> {
            try {
                boolean unused = run(id);
            } catch (CacheBackendException failure) {
                log.warn("What is left of cache {} could not be deleted; the next sweep tries again", id, failure);
            }
        });
    }

    /** Whether that finished it, and not somebody else. */
    boolean run(CacheId id) {
        if (!isDeleted(id)) {
            return false;
        }
        Changed changed;
        try {
            changed = states.change(
                    id,
                    seen -> seen.state().phase() == Phase.WIPING ? seen.state().wiped() : seen.state());
        } catch (CacheNotFoundException removedMeanwhile) {
            return false;
        }
        if (changed.mine()) {
            listener.get().wiped(id);
        }
        return changed.mine();
    }

    /** It is seen and measured by others, who may have thrown its failure away: then nothing is said of it. */
    private boolean isDeleted(CacheId id) {
        AtomicBoolean deleted = new AtomicBoolean();
        listener.get().deleting(id, () -> {
            deleteData(id);
            deleted.set(true);
        });
        return deleted.get();
    }

    void deleteData(CacheId id) {
        deletion.accept(id);
    }
}
