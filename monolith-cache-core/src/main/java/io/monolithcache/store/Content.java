// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is to be stored. */
@FunctionalInterface
public interface Content {

    /** A stream from the beginning, which the store closes. It may be asked for again, if storing fails. */
    InputStream open() throws IOException;

    /** Bytes, which must not change any more. */
    static Content of(byte[] bytes) {
        return new Bytes(bytes);
    }

    /** What a file contains. */
    static Content of(Path file) {
        return () -> Files.newInputStream(file);
    }

    /**
     * Bytes in memory.
     *
     * @param bytes not a copy
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Bytes(byte[] bytes) implements Content {

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
