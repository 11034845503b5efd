// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;

/**
 * The entries of an open folder, read as they are asked for; a disk that fails meanwhile is told as everywhere else.
 */
final class EntrySpliterator extends Spliterators.AbstractSpliterator<Path> {

    private final Path folder;
    private final Iterator<Path> entries;

    EntrySpliterator(Path folder, Iterator<Path> entries) {
        super(Long.MAX_VALUE, Spliterator.DISTINCT | Spliterator.NONNULL);
        this.folder = folder;
        this.entries = entries;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Path> action) {
        Path entry;
        try {
            if (!entries.hasNext()) {
                return false;
            }
            entry = entries.next();
        } catch (DirectoryIteratorException failure) {
            throw Disk.failure("list " + folder, Objects.requireNonNull(failure.getCause()));
        }
        action.accept(entry);
        return true;
    }
}
