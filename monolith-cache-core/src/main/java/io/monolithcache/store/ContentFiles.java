// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of a store that are named by the SHA-256 of their content, so that the same content is there once. Safe for
 * use by several threads. Errors are those of {@link Store}.
 */
public interface ContentFiles {

    /**
     * Adds a file. If this content is there already, nothing is written.
     *
     * @param file is read, and must not change meanwhile
     * @throws EntryTooLargeException if it is larger than the whole store may be
     * @throws StoreFullException if there is no room, and none could be made
     */
    Added add(Path file, LinkMode mode);

    /**
     * Adds what a stream has; it is not closed.
     *
     * @throws EntryTooLargeException if it is larger than the whole store may be
     * @throws StoreFullException if there is no room, and none could be made
     */
    Added add(InputStream content);

    /**
     * Adds a file whose hash is known, such as one from an archive.
     *
     * @param source writes it
     * @return whether the source had it
     * @throws StoreException also if the source writes something else
     */
    boolean add(EntryHash hash, Source source);

    /** The file with that content, kept from eviction until it is closed. */
    Optional<StoredFile> open(EntryHash hash);

    /** Where the file with that content is; it may be evicted at any moment. */
    Optional<Path> path(EntryHash hash);

    /** Whether there is such a file. Does not count as a read. */
    boolean contains(EntryHash hash);

    /**
     * Removes a file, also a locked one.
     *
     * @return whether there was one
     * @throws StoreException if it is open
     */
    boolean remove(EntryHash hash);

    /**
     * What was added.
     *
     * @param length in bytes
     * @param isNew whether it was not there before
     */
    record Added(EntryHash hash, long length, boolean isNew) {}

    /** Brings a file. */
    @FunctionalInterface
    interface Source {

        /**
         * Writes the file.
         *
         * @param target does not exist
         * @param room is to be asked before anything is written
         * @return whether there is such a file
         */
        boolean write(Path target, Room room) throws IOException;
    }

    /** Makes room for what is about to be written. */
    @FunctionalInterface
    interface Room {

        /**
         * Makes room, by evicting others if need be.
         *
         * @param length of the whole file, in bytes
         */
        void claim(long length) throws IOException;
    }
}
