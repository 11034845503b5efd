// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The files of a store that is opened when it is first asked for one. */
record LazyContentFiles(Supplier<ContentFiles> files) implements ContentFiles {

    @Override
    public Added add(Path file, LinkMode mode) {
        return files.get().add(file, mode);
    }

    @Override
    public Added add(InputStream content) {
        return files.get().add(content);
    }

    @Override
    public boolean add(EntryHash hash, Source source) {
        return files.get().add(hash, source);
    }

    @Override
    public Optional<StoredFile> open(EntryHash hash) {
        return files.get().open(hash);
    }

    @Override
    public Optional<Path> path(EntryHash hash) {
        return files.get().path(hash);
    }

    @Override
    public boolean contains(EntryHash hash) {
        return files.get().contains(hash);
    }

    @Override
    public boolean remove(EntryHash hash) {
        return files.get().remove(hash);
    }
}
