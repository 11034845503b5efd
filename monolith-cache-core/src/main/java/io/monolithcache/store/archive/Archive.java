// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.archive;

import io.monolithcache.store.index.EntryHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Keeps files by the hash of their content, for as long as nobody removes them. Shared by any number of stores, on any
 * number of machines, at once. Safe for use by several threads.
 *
 * <p>A file that is archived is there wholly or not at all, whatever ends the process that writes it. Every method
 * throws an {@link IOException} that names the archive and the file when the archive cannot be reached.
 */
public interface Archive extends AutoCloseable {

    /** Whether a file is archived. */
    boolean contains(EntryHash hash) throws IOException;

    /**
     * Archives a file; no effect if it is archived already.
     *
     * @param file has that content, and does not change meanwhile
     * @throws IOException also if the content is another one: it is then not archived
     */
    void add(EntryHash hash, Path file) throws IOException;

    /**
     * Brings a file back.
     *
     * @param target is created or replaced; undefined if this throws
     * @return whether it is archived; if not, there is no target
     * @throws IOException also if what comes does not have that hash
     */
    boolean fetch(EntryHash hash, Path target) throws IOException;

    /** All files that are archived, lazily, in no particular order; to be closed. */
    Stream<EntryHash> known() throws IOException;

    /**
     * Removes a file for good.
     *
     * @return whether it was archived
     */
    boolean remove(EntryHash hash) throws IOException;

    /** Where it is, for people, such as {@code s3://bucket/prefix/}. */
    String location();

    @Override
    void close() throws IOException;
}
