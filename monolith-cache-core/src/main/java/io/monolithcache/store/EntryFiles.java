// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of entries: where they are, and what they take of the disk. */
final class EntryFiles {

    private static final String LOCKED = ".l";
    private static final long USUAL_BLOCK = 4_096;

    private final List<Path> folders = new ArrayList<>(StoreLayout.FOLDERS);
    private final long blockSize;

    EntryFiles(StoreLayout layout) throws IOException {
        for (int number = 0; number < StoreLayout.FOLDERS; number++) {
            folders.add(layout.folder(number));
        }
        long block = Files.getFileStore(layout.base()).getBlockSize();
        this.blockSize = block > 0 && block <= 1 << 20 ? block : USUAL_BLOCK;
    }

    Path folder(int number) {
        return folders.get(number);
    }

    Path of(EntryHash hash, EntryKind kind) {
        return folders.get(hash.folder()).resolve(hash + kind.suffix());
    }

    Path lock(EntryHash hash) {
        return folders.get(hash.folder()).resolve(hash + LOCKED);
    }

    boolean isLocked(EntryHash hash) {
        return lock(hash).toFile().exists();
    }

    /** What a file of that length takes on the disk. */
    long blocks(long length) {
        return Math.addExact(length, blockSize - 1) / blockSize * blockSize;
    }

    /** What is on the disk of an entry, of whichever kind. */
    Usage usage(EntryHash hash) {
        return usage(hash, EntryKind.VALUE).plus(usage(hash, EntryKind.FILE));
    }

    /** Without an exception for each that is missing, which would take longer than all the rest. */
    Usage usage(EntryHash hash, EntryKind kind) {
        File file = of(hash, kind).toFile();
        long length = file.length();
        return length > 0 || file.exists() ? new Usage(blocks(length), 1) : Usage.NOTHING;
    }
}
