// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The list of a store's entries. The store writes it behind, in batches, and rebuilds it from the entries themselves
 * when it is lost: it may lag, and need not survive the loss of power; after a kill what was applied is there. Safe for
 * use by several threads. Internal: for this project's own indexes.
 *
 * <p>Every method throws {@link UnusableIndexException} when the files turn out to be corrupt, and another
 * {@link IOException} when the disk does not do what it is told.
 */
public interface EntryIndex extends AutoCloseable {

    /** Opens the index of a store, or begins an empty one. */
    interface Format {

        /**
         * Opens an index.
         *
         * @param folder exists, and is the store's own
         * @throws UnusableIndexException if there is one that cannot be used; then {@link #delete} helps
         */
        EntryIndex open(Path folder) throws IOException;

        /** Deletes all files of an index that is not open in this process; no effect if there are none. */
        void delete(Path folder) throws IOException;

        /** Whether several processes may have it open at once. */
        boolean isShared();

        /** What a user calls it, such as {@code sqlite}. */
        String name();
    }

    /** Changes the list: all of it, or nothing. Changes take effect in their order. */
    void apply(List<IndexChange> changes) throws IOException;

    /** What is listed under a hash. */
    Optional<IndexedEntry> find(EntryHash hash) throws IOException;

    /**
     * A page of what is listed, in the order of hashes.
     *
     * @param after the last one of the page before; null for the first page
     * @param limit 1 or more
     */
    List<IndexedEntry> page(IndexQuery query, @Nullable EntryHash after, int limit) throws IOException;

    /**
     * What could go first, of what is not locked.
     *
     * @param limit 1 or more
     */
    List<IndexedEntry> victims(EvictionOrder order, int limit) throws IOException;

    /** All hashes that begin with that byte, in their order. */
    List<EntryHash> folder(int number) throws IOException;

    /** Sums over all that is listed. */
    IndexTotals totals() throws IOException;

    /** When it was last said that the list is complete, in milliseconds since 1970; 0 if never. */
    long completeAt() throws IOException;

    /** Says that everything is listed that was written before that time. */
    void completeAt(long time) throws IOException;

    @Override
    void close() throws IOException;
}
