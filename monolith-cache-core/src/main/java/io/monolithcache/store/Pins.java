// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.io.IOException;

/**
 * Keeps entries from being evicted while somebody uses them. A pin is a number in the shared memory, so that it ends
 * with its process. Entries whose hashes meet are pinned together, which only makes eviction take others.
 */
final class Pins {

    private final Board board;
    private final Stripes stripes;
    private final Gate gate;

    Pins(Board board, Stripes stripes, Gate gate) {
        this.board = board;
        this.stripes = stripes;
        this.gate = gate;
    }

    /**
     * Pins an entry, which is there afterwards or not, but does not go any more. Whoever removes entries raises a flag
     * and then looks for pins; here it is the other way round, so that one of both sees the other.
     */
    void pin(EntryHash hash) throws IOException {
        gate.enter();
        try {
            int unused = board.own().pin(hash, 1);
            try {
                stripes.pass(hash);
            } catch (IOException | RuntimeException failure) {
                unused = board.own().pin(hash, -1);
                throw failure;
            }
        } finally {
            gate.leave();
        }
    }

    /** When the store is closed already, all its pins are gone, and this process has no place on the board any more. */
    void unpin(EntryHash hash) {
        if (gate.tryEnter()) {
            int unused = board.own().pin(hash, -1);
            gate.leave();
        }
    }
}
