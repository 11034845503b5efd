// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Metadata as a part of the state. */
final class StateMetadata {

    private final StateChain states;

    StateMetadata(StateChain states) {
        this.states = states;
    }

    /** Empty if there is no such cache, or its wipe has begun. */
    Map<String, Object> read(CacheId id) {
        StateChain.Read read = states.read(id);
        return read == null ? Map.of() : read.state().metadata();
    }

    /**
     * Changes them, for one after the other.
     *
     * @param change may be asked again with others
     * @throws CacheNotFoundException if there is no such cache, or its wipe has begun
     */
    void update(CacheId id, UnaryOperator<Map<String, Object>> change) {
        StateChain.Changed unused = states.change(id, seen -> {
            S3References.requireLive(id, seen.state());
            return seen.state().withMetadata(change.apply(seen.state().metadata()));
        });
    }
}
