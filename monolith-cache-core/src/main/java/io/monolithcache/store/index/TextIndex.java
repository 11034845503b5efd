// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import io.monolithcache.owner.Uninterruptibly;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A list of entries that is held in memory, and written whole to a text file with every batch: for small caches of one
 * process, and for people who want to read it. The file is replaced in one step, so it is always a whole one.
 */
final class TextIndex implements EntryIndex {

    private final Path file;
    private final TextCodec codec;
    private final SoleUse use;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile TextList list;
    private volatile boolean closed;

    private TextIndex(Path file, TextCodec codec, SoleUse use, TextList list) {
        this.file = file;
        this.codec = codec;
        this.use = use;
        this.list = list;
    }

    @Override
    public void apply(List<IndexChange> changes) throws IOException {
        writing.lock();
        try {
            replace(list().with(changes));
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void completeAt(long time) throws IOException {
        writing.lock();
        try {
            replace(new TextList(list().entries(), time));
        } finally {
            writing.unlock();
        }
    }

    private void replace(TextList changed) throws IOException {
        Path draft = draft(file);
        Uninterruptibly.run(() -> {
            // half a character becomes a question mark: a writer that is stricter would refuse the whole list for it
            try (Writer text =
                    new BufferedWriter(new OutputStreamWriter(Files.newOutputStream(draft), StandardCharsets.UTF_8))) {
                codec.write(changed, text);
            } catch (IOException | RuntimeException failure) {
                deleteAfter(failure, draft);
                throw failure;
            }
            return Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        });
        list = changed;
    }

    /** A full disk needs its space back, and nobody else removes a draft. */
    private static void deleteAfter(Exception failure, Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException another) {
            failure.addSuppressed(another);
        }
    }

    private static Path draft(Path file) {
        return file.resolveSibling(file.getFileName() + ".draft");
    }

    private TextList list() {
        if (closed) {
            throw new IllegalStateException("The index " + file + " is closed");
        }
        return list;
    }

    @Override
    public Optional<IndexedEntry> find(EntryHash hash) {
        return Optional.ofNullable(list().entries().get(hash));
    }

    @Override
    public List<IndexedEntry> page(IndexQuery query, @Nullable EntryHash after, int limit) {
        NavigableMap<EntryHash, IndexedEntry> entries = list().entries();
        if (query.isForNoText()) {
            return List.of();
        }
        return (after == null ? entries : entries.tailMap(after, false))
                .values().stream().filter(query::selects).limit(limit).toList();
    }

    @Override
    public List<IndexedEntry> victims(EvictionOrder order, int limit) {
        Comparator<IndexedEntry> first = switch (order) {
            case WRITTEN -> Comparator.comparingLong(IndexedEntry::createdAt);
            case READ -> Comparator.comparingLong(IndexedEntry::accessedAt);
            case HITS -> Comparator.comparingLong(IndexedEntry::hits).thenComparingLong(IndexedEntry::accessedAt);
        };
        return list().entries().values().stream()
                .filter(entry -> !entry.locked())
                .sorted(first.thenComparing(IndexedEntry::hash))
                .limit(limit)
                .toList();
    }

    @Override
    public List<EntryHash> folder(int number) {
        return list().entries().keySet().stream()
                .filter(hash -> hash.folder() == number)
                .toList();
    }

    @Override
    public IndexTotals totals() {
        return list().totals();
    }

    @Override
    public long completeAt() {
        return list().completeAt();
    }

    @Override
    public void close() throws IOException {
        writing.lock();
        try {
            if (!closed) {
                closed = true;
                use.close();
            }
        } finally {
            writing.unlock();
        }
    }

    /** Opens such indexes. */
    record TextFormat(TextCodec codec) implements Format {

        /** The name tells the version too: a release finds only files that it knows. */
        private Path file(Path folder) {
            return folder.resolve("index-1." + codec.name());
        }

        @Override
        public EntryIndex open(Path folder) throws IOException {
            Path file = file(folder.toRealPath());
            SoleUse use = SoleUse.begin(file, codec.name());
            try {
                return new TextIndex(file, codec, use, Uninterruptibly.run(() -> read(file)));
            } catch (IOException | RuntimeException failure) {
                use.close();
                throw failure;
            }
        }

        /** What has no byte is begun anew: after the loss of power, a file may be left so. */
        private TextList read(Path file) throws IOException {
            if (!Files.exists(file) || Files.size(file) == 0) {
                return TextList.EMPTY;
            }
            try (Reader text = Files.newBufferedReader(file)) {
                return codec.read(text);
            } catch (IOException | IllegalArgumentException damaged) {
                throw new UnusableIndexException(
                        "The index " + file + " cannot be read: " + damaged.getMessage(), damaged);
            }
        }

        @Override
        public void delete(Path folder) throws IOException {
            Path file = file(folder.toRealPath());
            try (SoleUse use = SoleUse.begin(file, codec.name())) {
                Files.deleteIfExists(file);
                Files.deleteIfExists(draft(file));
            }
        }

        @Override
        public boolean isShared() {
            return false;
        }

        @Override
        public String name() {
            return codec.name();
        }
    }
}
