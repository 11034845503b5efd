// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.IndexedEntry;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a store that are named by their content. */
final class DefaultContentFiles implements ContentFiles {

    private static final Logger log = LoggerFactory.getLogger(DefaultContentFiles.class);

    private static final long CLAIMED_AHEAD = 1 << 20;

    private final StoreParts parts;

    DefaultContentFiles(StoreParts parts) {
        this.parts = parts;
    }

    @Override
    public Added add(Path file, LinkMode mode) {
        return parts.change("add", file.toString(), () -> {
            BasicFileAttributes before = Files.readAttributes(file, BasicFileAttributes.class);
            if (!before.isRegularFile()) {
                throw new FileSystemException(file.toString(), null, "it is not a file");
            }
            Added added = mode == LinkMode.COPY ? copy(file, before.size()) : link(file, before, mode);
            checkUnchanged(file, before, mode);
            return added;
        });
    }

    private static void checkUnchanged(Path file, BasicFileAttributes before, LinkMode mode) throws IOException {
        if (mode != LinkMode.MOVE && !isUnchanged(file, before)) {
            log.debug("{} was changed while it was added; what was read of it is stored", file);
        }
    }

    private static boolean isUnchanged(Path file, BasicFileAttributes before) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return now.size() == before.size() && now.lastModifiedTime().equals(before.lastModifiedTime());
    }

    private Added copy(Path file, long size) throws IOException {
        return parts.withRoom(() -> {
            try (InputStream in = Files.newInputStream(file)) {
                return write(file.toString(), in, size);
            }
        });
    }

    @Override
    public Added add(InputStream content) {
        return parts.change("add", "a stream", () -> write("a stream", content, 0));
    }

    private Added write(String what, InputStream content, long expected) throws IOException {
        Path file = parts.writing.next();
        try (Space.Claim claim = parts.space.claim(what)) {
            claim.raise(expected);
            Claimed claimed = new Claimed(claim, expected);
            HashingCopy copy = new HashingCopy();
            try (FileChannel out = parts.writing.create(file)) {
                copy.copy(content, out, claimed::ahead);
                parts.sync(out);
            }
            return become(claim, file, copy.hash(), copy.length());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** What is claimed of something whose length is not known, or may be another one. */
    private static final class Claimed {

        private final Space.Claim claim;
        private long length;

        Claimed(Space.Claim claim, long length) {
            this.claim = claim;
            this.length = length;
        }

        void ahead(long needed) throws IOException {
            if (needed > length) {
                length = length == 0 ? needed : needed + CLAIMED_AHEAD;
                claim.raise(length);
            }
        }
    }

    private Added become(Space.Claim claim, Path file, EntryHash hash, long length) throws IOException {
        if (isKnown(hash, length)) {
            parts.used(hash);
            return new Added(hash, length, false);
        }
        parts.become(claim, file, entry(hash, length), EntryKind.FILE);
        return new Added(hash, length, true);
    }

    private boolean isKnown(EntryHash hash, long length) {
        File file = parts.files.of(hash, EntryKind.FILE).toFile();
        return file.exists() && file.length() == length;
    }

    private IndexedEntry entry(EntryHash hash, long length) {
        long now = parts.background.now();
        return new IndexedEntry(
                hash, ContentKeys.of(hash), length, parts.files.blocks(length), now, now, 0, false, Set.of());
    }

    private Added link(Path file, BasicFileAttributes before, LinkMode mode) throws IOException {
        EntryHash hash;
        try (InputStream in = Files.newInputStream(file)) {
            hash = new HashingCopy().read(in).hash();
        }
        if (!isUnchanged(file, before)) {
            throw new FileSystemException(file.toString(), null, "it was changed while it was added; try again");
        }
        if (isKnown(hash, before.size())) {
            parts.used(hash);
            if (mode == LinkMode.MOVE) {
                Files.delete(file);
            }
            return new Added(hash, before.size(), false);
        }
        try {
            return link(file, hash, before.size(), mode);
        } catch (AtomicMoveNotSupportedException | UnsupportedOperationException | CrossDeviceException elsewhere) {
            Added added = copy(file, before.size());
            if (mode == LinkMode.MOVE && added.hash().equals(hash)) {
                Files.delete(file);
            }
            return added;
        }
    }

    /** The file lies on another file system. */
    private static final class CrossDeviceException extends IOException {

        private static final long serialVersionUID = 1L;

        CrossDeviceException(IOException cause) {
            super(cause);
        }
    }

    private Added link(Path file, EntryHash hash, long length, LinkMode mode) throws IOException {
        Path linked = parts.writing.next();
        try (Space.Claim claim = parts.space.claim(file.toString())) {
            claim.raise(length);
            if (mode == LinkMode.HARD_LINK) {
                hardLink(file, linked);
            }
            Path source = mode == LinkMode.HARD_LINK ? linked : file;
            // both are one file from now on, and it says when it was stored
            Files.setLastModifiedTime(source, FileTime.fromMillis(parts.background.now()));
            parts.writing.setReadOnly(source);
            parts.become(claim, source, entry(hash, length), EntryKind.FILE);
            return new Added(hash, length, true);
        } finally {
            Files.deleteIfExists(linked);
        }
    }

    private static void hardLink(Path file, Path linked) throws IOException {
        try {
            Path unused = Files.createLink(linked, file);
        } catch (FileSystemException failure) {
            throw String.valueOf(failure.getReason()).contains("cross-device")
                    ? new CrossDeviceException(failure)
                    : failure;
        }
    }

    @Override
    public boolean add(EntryHash hash, Source source) {
        return parts.change("add", ContentKeys.of(hash), () -> parts.withRoom(() -> fetch(hash, source)));
    }

    private boolean fetch(EntryHash hash, Source source) throws IOException {
        Path file = parts.writing.next();
        try (Space.Claim claim = parts.space.claim(ContentKeys.of(hash))) {
            if (!source.write(file, claim::raise)) {
                return false;
            }
            HashingCopy read;
            try (InputStream in = Files.newInputStream(file)) {
                read = new HashingCopy().read(in);
            }
            if (!read.hash().equals(hash)) {
                throw new IOException("what came is something else");
            }
            claim.raise(read.length());
            parts.writing.setReadOnly(file);
            Added unused = become(claim, file, hash, read.length());
            return true;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public Optional<StoredFile> open(EntryHash hash) {
        return parts.change("open", ContentKeys.of(hash), () -> {
            parts.pins.pin(hash);
            boolean isOpen = false;
            try {
                File file = find(hash);
                isOpen = file != null;
                return file == null ? Optional.empty() : Optional.of(new Pinned(hash, file.toPath(), file.length()));
            } finally {
                if (!isOpen) {
                    parts.pins.unpin(hash);
                }
            }
        });
    }

    @Override
    public Optional<Path> path(EntryHash hash) {
        return parts.change(
                "open",
                ContentKeys.of(hash),
                () -> Optional.ofNullable(find(hash)).map(File::toPath));
    }

    private @Nullable File find(EntryHash hash) throws IOException {
        parts.evictor.asked(hash);
        int version = parts.versions.of(hash);
        Path path = parts.files.of(hash, EntryKind.FILE);
        File file = path.toFile();
        boolean isThere = file.exists();
        if (isThere && parts.verified.isToVerify(hash, version)) {
            isThere = verify(hash, path, version);
        }
        (isThere ? parts.events.hits : parts.events.misses).increment();
        if (isThere) {
            parts.used(hash);
        }
        return isThere ? file : null;
    }

    private boolean verify(EntryHash hash, Path file, int version) throws IOException {
        if (isWhole(hash, file)) {
            parts.verified.verified(hash, version);
            return true;
        }
        boolean unused = parts.removal.remove(hash, EvictionCause.CORRUPT, () -> {
            boolean isCorrupt = Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isWhole(hash, file);
            if (isCorrupt) {
                log.warn("The file {} is removed: its content is not what its name says", file);
            }
            return isCorrupt;
        });
        return false;
    }

    private static boolean isWhole(EntryHash hash, Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ)) {
            return new HashingCopy().read(in).hash().equals(hash);
        }
    }

    @Override
    public boolean contains(EntryHash hash) {
        parts.gate.check();
        return parts.files.of(hash, EntryKind.FILE).toFile().exists();
    }

    @Override
    public boolean remove(EntryHash hash) {
        return parts.change("remove", ContentKeys.of(hash), () -> {
            AtomicBoolean isOpen = new AtomicBoolean();
            boolean isGone = parts.removal.remove(hash, EvictionCause.REQUEST, () -> {
                isOpen.set(parts.board.isPinned(hash));
                return !isOpen.get();
            });
            if (isOpen.get()) {
                throw new FileSystemException(ContentKeys.of(hash), null, "it is open; close it first");
            }
            return isGone;
        });
    }

    private final class Pinned implements StoredFile {

        private final EntryHash hash;
        private final Path path;
        private final long length;
        private final AtomicBoolean isOpen = new AtomicBoolean(true);

        Pinned(EntryHash hash, Path path, long length) {
            this.hash = hash;
            this.path = path;
            this.length = length;
        }

        @Override
        public EntryHash hash() {
            return hash;
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void close() {
            if (isOpen.getAndSet(false)) {
                parts.pins.unpin(hash);
            }
        }
    }
}
