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

    Pins(Board board, Stripes stripes) {
        this.board = board;
        this.stripes = stripes;
    }

    /**
     * Pins an entry, which is there afterwards or not, but does not go any more. Whoever removes entries raises a flag
     * and then looks for pins; here it is the other way round, so that one of both sees the other.
     */
    void pin(EntryHash hash) throws IOException {
        int unused = board.own().pin(hash, 1);
        try {
            stripes.pass(hash);
        } catch (IOException | RuntimeException failure) {
            unpin(hash);
            throw failure;
        }
    }

    void unpin(EntryHash hash) {
        int unused = board.own().pin(hash, -1);
    }

    boolean isPinned(EntryHash hash) {
        return board.isPinned(hash);
    }
}
