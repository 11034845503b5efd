// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Set;

/**
 * A value that was found in a store, as it was at that moment: what happens to the entry meanwhile does not change what
 * is read here. To be closed. Safe for use by several threads.
 */
public interface Entry extends AutoCloseable {

    /** Its key. */
    String key();

    /** Its tags; empty if it has none. Immutable. */
    Set<String> tags();

    /** When it was written. */
    Instant createdAt();

    /** The length of its content, in bytes. */
    long length();

    /**
     * All of its content.
     *
     * @throws StoreException if it is longer than an array can be, or cannot be read
     */
    byte[] bytes();

    /** Its content from the beginning; ends with this entry at the latest. */
    InputStream open() throws IOException;

    @Override
    void close();
}
