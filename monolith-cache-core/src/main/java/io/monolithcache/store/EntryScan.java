// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.IndexedEntry;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Looks at the files of entries themselves. What has no name of an entry is somebody else's, and left alone. */
final class EntryScan {

    private final EntryFiles files;

    EntryScan(EntryFiles files) {
        this.files = files;
    }

    /** When entries came to a folder, or went, for the last time. */
    long changedAt(int folder) {
        return files.folder(folder).toFile().lastModified();
    }

    /** When the file of an entry was written; 0 if there is none. */
    long changedAt(EntryHash hash) {
        return Math.max(
                files.of(hash, EntryKind.VALUE).toFile().lastModified(),
                files.of(hash, EntryKind.FILE).toFile().lastModified());
    }

    boolean isLocked(EntryHash hash) {
        return files.isLocked(hash);
    }

    boolean isGone(EntryHash hash) {
        return files.usage(hash).isNothing();
    }

    /** The entries of a folder. */
    Set<EntryHash> folder(int number) throws IOException {
        Set<EntryHash> found = new LinkedHashSet<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(files.folder(number))) {
            for (Path file : names) {
                EntryHash hash = hash(file.getFileName().toString());
                if (hash != null && hash.folder() == number) {
                    boolean unused = found.add(hash);
                }
            }
        } catch (DirectoryIteratorException failure) {
            throw Objects.requireNonNull(failure.getCause());
        }
        return found;
    }

    private static @Nullable EntryHash hash(String name) {
        String suffix = EntryKind.VALUE.suffix();
        String text = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
        return EntryHash.isHash(text) ? EntryHash.parse(text) : null;
    }

    /** A few entries that are not locked, of a folder by chance that has any. */
    List<IndexedEntry> some(int limit) throws IOException {
        int first = ThreadLocalRandom.current().nextInt(StoreLayout.FOLDERS);
        List<IndexedEntry> some = new ArrayList<>();
        for (int step = 0; step < StoreLayout.FOLDERS && some.size() < limit; step++) {
            for (EntryHash hash : folder((first + step) % StoreLayout.FOLDERS)) {
                IndexedEntry entry = some.size() < limit ? describe(hash) : null;
                if (entry != null && !entry.locked()) {
                    some.add(entry);
                }
            }
        }
        return some;
    }

    /** What an entry says of itself; null if there is none. What is corrupt is listed too, so that it can go. */
    @Nullable IndexedEntry describe(EntryHash hash) throws IOException {
        for (EntryKind kind : EntryKind.values()) {
            try {
                Path file = files.of(hash, kind);
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                long written = attributes.lastModifiedTime().toMillis();
                String key = ContentKeys.of(hash);
                Set<String> tags = Set.of();
                long length = attributes.size();
                if (kind == EntryKind.VALUE) {
                    ValueFormat.Trailer trailer = trailer(file);
                    key = trailer == null ? "" : trailer.key();
                    tags = trailer == null ? tags : trailer.tags();
                    length = trailer == null ? length : trailer.length();
                    written = trailer == null ? written : trailer.createdAt();
                }
                return new IndexedEntry(
                        hash,
                        key,
                        length,
                        files.blocks(attributes.size()),
                        written,
                        written,
                        0,
                        files.isLocked(hash),
                        tags);
            } catch (NoSuchFileException other) {
                // of the other kind, or gone meanwhile
            }
        }
        return null;
    }

    private static ValueFormat.@Nullable Trailer trailer(Path file) throws IOException {
        try {
            return ValueReader.trailer(file);
        } catch (ValueFormat.CorruptException corrupt) {
            return null;
        }
    }
}
