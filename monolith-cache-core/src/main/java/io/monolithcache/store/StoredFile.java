// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.nio.file.Path;

/** A file of a store that is not evicted until this is closed. Safe for use by several threads. */
public interface StoredFile extends AutoCloseable {

    /** The hash of its content. */
    EntryHash hash();

    /** Where it is: pure content, read-only, not to be changed or removed. */
    Path path();

    /** Its length, in bytes. */
    long length();

    @Override
    void close();
}
