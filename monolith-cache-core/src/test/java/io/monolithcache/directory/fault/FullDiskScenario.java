// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Works on a small disk of its own, which it fills, with a little room or none, and empties again. */
final class FullDiskScenario {

    enum Shortage {
        SPACE,
        INODES
    }

    private static final int BLOCK = 4096;

    /** The first use takes about this many files or blocks. */
    private static final int MOST_ROOM = 12;

    private final Path disk;
    private final Shortage shortage;
    private final Path filler;
    private final Path source;

    private FullDiskScenario(Path disk, Shortage shortage) throws IOException {
        this.disk = disk;
        this.shortage = shortage;
        this.filler = Files.createDirectory(disk.resolve("filler"));
        this.source = Files.write(Files.createTempFile("source", null), new byte[10 * BLOCK]);
    }

    public static void main(String[] arguments) throws IOException {
        LogLines.quiet();
        FullDiskScenario scenario = new FullDiskScenario(Path.of(arguments[0]), Shortage.valueOf(arguments[1]));
        try {
            scenario.firstUse();
            scenario.use();
        } finally {
            Files.delete(scenario.source);
        }
    }

    /** A first use that stops after each of its steps. */
    private void firstUse() throws IOException {
        RootFiles sound = root("sound");
        sound.manager().create().close();
        for (int room = 0; room <= MOST_ROOM; room++) {
            RootFiles files = root("first-" + room);
            CacheManager manager = files.manager();
            fillBut(room);
            worksOrSaysWhatToDo(() -> manager.create().close());
            long open = openFiles();
            for (int attempt = 0; attempt < 20; attempt++) {
                worksOrSaysWhatToDo(() -> manager.create().close());
            }
            assertThat(RootFiles.names(files.owners())).as("owners").hasSizeLessThanOrEqualTo(1);
            assertThat(openFiles()).as("open files").isLessThan(open + 10);
            free();
            try (CacheDirectory cache = manager.create()) {
                RootFiles.write(cache, "a.txt", "text");
                assertThat(RootFiles.read(cache, "a.txt")).isEqualTo("text");
            }
            manager.close();
            assertNothingIsLeft(files);
            assertThat(files.base().resolve("CACHEDIR.TAG"))
                    .hasSameTextualContentAs(sound.base().resolve("CACHEDIR.TAG"));
            RootFiles.remove(files.root());
        }
    }

    private void use() throws IOException {
        RootFiles files = root("used");
        try (CacheManager manager = files.manager();
                CacheManager other = files.manager()) {
            CacheDirectory held = manager.create(CacheOptions.defaults().metadata("key", "value"));
            RootFiles.write(held, "kept.txt", "kept");
            CacheDirectory locked = manager.create(CacheOptions.defaults().locked());
            CacheDirectory filled = manager.create();
            filled.upload(source, "large");
            CacheDirectory sharedByOther = other.attach(held.id());
            List<String> caches = RootFiles.names(files.caches());
            List<String> references = RootFiles.names(files.refs(held.id()));
            long open = openFiles();

            for (int room = 0; room < 4; room++) {
                operationsFailAndLeaveNothing(manager, held, room);
                assertThat(RootFiles.names(files.caches())).isEqualTo(caches);
                assertThat(RootFiles.names(files.refs())).isEqualTo(caches);
                assertThat(RootFiles.names(files.refs(held.id()))).isEqualTo(references);
                assertThat(RootFiles.names(files.trash())).isEmpty();
                assertThat(drafts(files)).as("half-written files").isEmpty();
                assertThat(held.resources()).containsExactly("kept.txt");
                assertThat(RootFiles.read(held, "kept.txt")).isEqualTo("kept");
                assertThat(held.metadata()).containsEntry("key", "value");
            }

            fill();
            filled.close();
            assertThat(files.cache(filled.id())).doesNotExist();
            assertThat(manager.sweep().skipped()).isNull();
            assertThat(RootFiles.names(files.trash())).isEmpty();
            locked.close();
            assertThat(files.cache(locked.id())).exists();
            fill();
            assertThat(manager.unlock(locked.id())).isTrue();
            assertThat(openFiles()).as("open files").isLessThan(open + 10);
            free();

            held.putMetadata("key", "new");
            RootFiles.write(held, "kept.txt", "new");
            held.upload(source, "large");
            sharedByOther.close();
            manager.create();
        }
        assertNothingIsLeft(files);
    }

    private void operationsFailAndLeaveNothing(CacheManager manager, CacheDirectory held, int room) throws IOException {
        int failures = 0;
        List<CacheDirectory> made = new ArrayList<>();
        // often, because each failure might leave something; and kept, because one that goes gives its space to the
        // next
        for (int attempt = 0; attempt < 50; attempt++) {
            if (attempt % 10 == 0) {
                fillBut(room);
            }
            failures += worksOrSaysWhatToDo(() -> made.add(manager.create())) ? 0 : 1;
        }
        made.forEach(CacheDirectory::close);
        assertThat(failures).isGreaterThanOrEqualTo(room == 0 ? 1 : 0);

        fillBut(room);
        check(room, () -> RootFiles.write(held, "new/file-" + room, "x".repeat(4 * BLOCK)));
        fillBut(room);
        check(room, () -> held.upload(source, "new/upload-" + room));
        fillBut(room);
        check(room, () -> held.putMetadata("key", "x".repeat(BLOCK)));
        fillBut(room);
        worksOrSaysWhatToDo(() -> held.lock(Duration.ofDays(1)));
        worksOrSaysWhatToDo(held::unlock);
        fillBut(room);
        worksOrSaysWhatToDo(() -> {
            try (CacheDirectory locked = manager.create(CacheOptions.defaults().locked())) {
                locked.unlock();
            }
        });
        free();
        held.putMetadata("key", "value");
        held.delete("new/file-" + room);
        held.delete("new/upload-" + room);
    }

    private void check(int room, ThrowingCallable operation) {
        if (room == 0) {
            saysWhatToDo(catchThrowable(operation));
        } else {
            worksOrSaysWhatToDo(operation);
        }
    }

    private static boolean worksOrSaysWhatToDo(ThrowingCallable operation) {
        Throwable failure = catchThrowable(operation);
        if (failure != null) {
            saysWhatToDo(failure);
        }
        return failure == null;
    }

    private static void saysWhatToDo(Throwable failure) {
        assertThat(failure)
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("Free space")
                .hasMessageContaining("monolith.cache.local.path");
    }

    private RootFiles root(String name) throws IOException {
        return new RootFiles(Files.createDirectory(disk.resolve(name)));
    }

    private static void assertNothingIsLeft(RootFiles files) throws IOException {
        for (Path folder : List.of(files.caches(), files.refs(), files.owners(), files.prepared(), files.trash())) {
            assertThat(RootFiles.names(folder)).as(folder.toString()).isEmpty();
        }
        assertThat(RootFiles.names(files.internal()))
                .isSubsetOf("format", "metadata", "owners", "prepared", "refs", "starting", "sweeping", "trash");
    }

    /** Files of any owner that are no cache; directories may have been made ahead. */
    private static List<Path> drafts(RootFiles files) throws IOException {
        List<Path> drafts = new ArrayList<>();
        for (String owner : RootFiles.names(files.prepared())) {
            Path folder = files.prepared().resolve(owner);
            List<String> names = RootFiles.names(folder);
            assertThat(names).as("directories made ahead").hasSizeLessThan(2 * 33);
            names.stream().map(folder::resolve).filter(Files::isRegularFile).forEach(drafts::add);
        }
        return drafts;
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private void fill() throws IOException {
        if (shortage == Shortage.INODES) {
            int next = RootFiles.names(filler).size();
            try {
                while (true) {
                    Files.createFile(filler.resolve(String.format("%05d", next++)));
                }
            } catch (IOException full) {
                return;
            }
        }
        try (FileChannel channel =
                FileChannel.open(filler.resolve("space"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int size = 64 * BLOCK; size >= BLOCK; size /= 2) {
                append(channel, size);
            }
        }
    }

    private static void append(FileChannel channel, int size) throws IOException {
        try {
            while (channel.write(ByteBuffer.allocate(size)) == size) {
                // until it does not fit
            }
        } catch (IOException full) {
            // blocks are given out when they are written back
            channel.force(true);
        }
    }

    private void fillBut(int room) throws IOException {
        fill();
        leave(room);
    }

    /** Gives so many inodes or blocks back. */
    private void leave(int room) throws IOException {
        if (shortage == Shortage.INODES) {
            List<String> names = RootFiles.names(filler);
            for (String name : names.subList(names.size() - room, names.size())) {
                Files.delete(filler.resolve(name));
            }
            return;
        }
        try (FileChannel channel = FileChannel.open(filler.resolve("space"), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - (long) room * BLOCK);
            channel.force(true);
        }
    }

    private void free() throws IOException {
        for (String name : RootFiles.names(filler)) {
            Files.delete(filler.resolve(name));
        }
    }
}
