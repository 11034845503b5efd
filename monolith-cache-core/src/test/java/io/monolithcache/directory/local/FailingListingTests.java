// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** A disk that fails while a folder is read. */
class FailingListingTests {

    private static final Path FOLDER = Path.of("/folder");

    /** One entry, and then the disk fails. */
    private static final class Failing implements Iterator<Path> {

        private boolean first = true;

        @Override
        public boolean hasNext() {
            if (first) {
                return true;
            }
            throw new DirectoryIteratorException(new IOException("Input/output error"));
        }

        @Override
        public Path next() {
            first = false;
            return FOLDER.resolve("a");
        }
    }

    @Test
    void isToldAsEverywhereElse() {
        List<Path> seen = new ArrayList<>();

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> StreamSupport.stream(new EntrySpliterator(FOLDER, new Failing()), false)
                        .forEach(seen::add))
                .withMessage("Could not list /folder: Input/output error. Check that disk");

        assertThat(seen).containsExactly(FOLDER.resolve("a"));
    }

    @Test
    void whatALoopMeetsIsToldToo() {
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> Disk.run("list it", () -> new Failing().forEachRemaining(path -> {})))
                .withMessage("Could not list it: Input/output error. Check that disk");
    }

    @Test
    void entriesAreReadAsTheyAreAskedFor() {
        assertThat(StreamSupport.stream(new EntrySpliterator(FOLDER, new Failing()), false)
                        .findFirst())
                .contains(FOLDER.resolve("a"));
    }
}
