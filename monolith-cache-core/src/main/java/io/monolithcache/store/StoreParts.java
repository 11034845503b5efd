// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.IndexedEntry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store consists of, and how the parts meet.
 *
 * <p>An entry is one file, which is written elsewhere, complete, and then moved to its name: with that it exists.
 * Before anything is written there is a claim on the {@link Board}, that was found to fit ({@link Space}); if it does
 * not, the {@link Evictor} removes what the {@link Catalog} names. Who changes the file of an entry holds its lock
 * ({@link Stripes}) for that moment, and notes on the board what was there before, so that whoever finds the process
 * dead knows where to look, and what to count.
 *
 * <p>Locks are taken in this order: evicting, an entry, writing to the catalog.
 */
final class StoreParts {

    private static final Logger log = LoggerFactory.getLogger(StoreParts.class);

    private static final int SKETCH = 1 << 16;

    final StoreLayout layout;
    final EntryFiles files;
    final EntryScan scan;
    final Background background;
    final Catalog catalog;
    final Board board;
    final Versions versions;
    final Stripes stripes;
    final Pins pins;
    final StoreEvents events;
    final Removal removal;
    final Evictor evictor;
    final Space space;
    final Writing writing;
    final Verified verified;
    final Sizes sizes = new Sizes();
    final Gate gate;

    private final boolean isSynced;

    StoreParts(StorePlace place, StoreSettings settings) throws IOException {
        layout = StoreRoot.open(place);
        files = new EntryFiles(layout);
        scan = new EntryScan(files);
        background = new Background(layout.base().toString(), settings.clock());
        events = new StoreEvents(settings.listeners());
        catalog = new Catalog(layout, settings.index(), scan, background);
        verified = new Verified(settings.verification());
        gate = new Gate("The store " + layout.base());
        isSynced = settings.isSynced();
        Board joined = null;
        try {
            joined = Board.open(layout, new Left());
            writing = new Writing(layout, joined.ownerName());
            board = joined;
            versions = board.versions();
            stripes = new Stripes(board);
            pins = new Pins(board, stripes, gate);
            removal = new Removal(files, board, stripes, catalog, events);
            Admission admission =
                    settings.policy() == EvictionPolicy.TINY_LFU ? new Admission(new FrequencySketch(SKETCH)) : null;
            evictor = new Evictor(settings.policy(), catalog, board, stripes, removal, admission);
            space = new Space(layout.base(), board, files, settings.limits(), evictor);
            catalog.start(board);
        } catch (IOException | RuntimeException failure) {
            background.close();
            catalog.close();
            if (joined != null) {
                joined.close();
            }
            throw failure;
        }
    }

    /** What dead processes leave. */
    private final class Left implements Board.Estate {

        @Override
        public void discard(String owner) throws IOException {
            Writing.discard(layout.writing().resolve(owner));
        }

        @Override
        public Usage of(EntryHash hash) {
            return files.usage(hash);
        }

        @Override
        public void changed(long since) throws IOException {
            if (since != 0) {
                catalog.complete(since);
            }
        }

        @Override
        public Usage count(@Nullable Usage known) throws IOException {
            if (catalog.isIncomplete() && known != null) {
                // the list follows, in the background
                return known;
            }
            if (catalog.isIncomplete()) {
                catalog.completeAll();
            } else {
                catalog.completeRecent();
            }
            return new Usage(catalog.totals().bytes(), catalog.totals().entries());
        }
    }

    /** A step that the disk may refuse. */
    @FunctionalInterface
    interface Step<T extends @Nullable Object> {
        T run() throws IOException;
    }

    <T extends @Nullable Object> T run(String what, String which, Step<T> step) {
        try {
            return step.run();
        } catch (IOException failure) {
            throw new StoreException(
                    "Could not " + what + " '" + which + "' in the store " + layout.base() + ": "
                            + failure.getMessage(),
                    failure);
        }
    }

    /** A step that uses the board: not after this process has left it. */
    <T extends @Nullable Object> T change(String what, String which, Step<T> step) {
        gate.enter();
        try {
            return run(what, which, step);
        } finally {
            gate.leave();
        }
    }

    /** An entry was read. */
    void used(EntryHash hash) {
        evictor.read(hash);
        catalog.touched(hash);
    }

    /** Makes room once if the disk turns out to be full, and tries again. */
    <T extends @Nullable Object> T withRoom(Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (IOException failure) {
            if (!FullDisk.is(failure)) {
                throw failure;
            }
            log.warn("The disk of the store {} is full; entries are evicted", layout.base());
            if (!space.makeFree()) {
                throw full(failure);
            }
        }
        try {
            return step.run();
        } catch (IOException failure) {
            if (FullDisk.is(failure)) {
                throw full(failure);
            }
            throw failure;
        }
    }

    private StoreFullException full(IOException failure) {
        return new StoreFullException(
                "The disk of the store " + layout.base() + " is full, and nothing more can be evicted", failure);
    }

    void sync(FileChannel file) throws IOException {
        if (isSynced) {
            file.force(true);
        }
    }

    /** The entry exists from now on, in place of the one that was there. */
    void become(Space.Claim claim, Path file, IndexedEntry entry, EntryKind kind) throws IOException {
        EntryHash hash = entry.hash();
        Path target = files.of(hash, kind);
        boolean isNew = stripes.locked(hash, () -> {
            Usage before = sizes.find(hash, versions.of(hash));
            if (before == null) {
                before = files.usage(hash, kind);
            }
            Usage now = before;
            catalog.changing();
            try {
                claim.begin(hash, before);
                Path unused = Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
                syncFolder(target);
                now = new Usage(entry.bytes(), 1);
                catalog.stored(entry);
            } finally {
                claim.settle(now);
                int version = versions.changed(hash);
                if (!now.isNothing()) {
                    sizes.keep(hash, version, now.bytes());
                }
                catalog.changed();
            }
            return before.isNothing();
        });
        evictor.written(hash, isNew);
        events.stored(hash, entry.length());
    }

    private void syncFolder(Path target) throws IOException {
        Path folder = target.getParent();
        if (isSynced && folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Waits for what is being written; only once. */
    void close() {
        if (gate.shut()) {
            run("close", "the store", () -> {
                background.close();
                try {
                    catalog.close();
                } finally {
                    writing.close();
                    board.close();
                }
                return true;
            });
        }
    }
}
