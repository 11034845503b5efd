// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.io.IOException;
import java.nio.file.Files;

/** Removes entries, counted so that a kill in the middle is found out. */
final class Removal {

    private final EntryFiles files;
    private final Board board;
    private final Stripes stripes;
    private final Catalog catalog;
    private final Versions versions;
    private final StoreEvents events;

    Removal(EntryFiles files, Board board, Stripes stripes, Catalog catalog, StoreEvents events) {
        this.files = files;
        this.board = board;
        this.stripes = stripes;
        this.catalog = catalog;
        this.versions = board.versions();
        this.events = events;
    }

    /** What is looked at again under the lock of the entry, before it goes. */
    @FunctionalInterface
    interface Check {
        boolean isToGo() throws IOException;
    }

    /**
     * Removes one.
     *
     * @return whether it went; not if it is locked or in use, nor if it is not to go after all
     */
    boolean evict(EntryHash hash, EvictionCause cause, Check check) throws IOException {
        return remove(hash, cause, () -> !isKept(hash) && check.isToGo());
    }

    /** Whether it is locked, or in use. */
    boolean isKept(EntryHash hash) {
        return board.isPinned(hash) || files.isLocked(hash);
    }

    /**
     * Removes one, also if it is locked or in use.
     *
     * @return whether it went
     */
    boolean remove(EntryHash hash, EvictionCause cause, Check check) throws IOException {
        boolean isGone = stripes.evicting(() -> stripes.locked(hash, () -> check.isToGo() && remove(hash)));
        if (isGone) {
            events.removed(hash, cause);
        }
        return isGone;
    }

    private boolean remove(EntryHash hash) throws IOException {
        Usage before = files.usage(hash);
        if (before.isNothing()) {
            // the list was wrong
            catalog.changing();
            catalog.removed(hash);
            catalog.changed();
            return false;
        }
        Slot own = board.own();
        int intent = own.open(0, 0);
        catalog.changing();
        try {
            own.begin(intent, hash, before);
            Files.deleteIfExists(files.of(hash, EntryKind.VALUE));
            Files.deleteIfExists(files.of(hash, EntryKind.FILE));
            if (files.isLocked(hash)) {
                Files.deleteIfExists(files.lock(hash));
            }
        } finally {
            own.settle(intent, files.usage(hash));
            int unused = versions.changed(hash);
            catalog.removed(hash);
            catalog.changed();
        }
        return true;
    }
}
