// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.WipeMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Makes trees of odd shapes in a cache, and wipes it. */
final class TreeScenario {

    private static final int LEVELS = 3_000;
    private static final int WIDTH = 10_000;

    private final RootFiles files;
    private final Path workshop;

    private TreeScenario(Path folder) throws IOException {
        this.files = new RootFiles(Files.createDirectory(folder.resolve("root")));
        this.workshop = Files.createDirectory(folder.resolve("workshop"));
    }

    public static void main(String[] arguments) throws IOException {
        LogLines.quiet();
        TreeScenario scenario = new TreeScenario(Path.of(arguments[0]));
        WipeMode mode = WipeMode.valueOf(arguments[1]);
        scenario.deep(mode);
        scenario.wide(mode);
        scenario.sweptAfterDeath();
        scenario.withoutFreeFileDescriptors();
    }

    private void deep(WipeMode mode) throws IOException {
        try (CacheManager manager = files.builder().wipe(mode).build()) {
            CacheDirectory cache = manager.create();
            Files.move(chain("d", LEVELS, 1_000), cache.path().resolve("short"));
            Files.move(chain("ü".repeat(127), 200, 10), cache.path().resolve("long"));
            if (mode == WipeMode.SYNCHRONOUS) {
                assertFailsOnlyClearly(manager, cache);
            }
            cache.close();
            assertThat(files.cache(cache.id())).doesNotExist();
        }
        assertThat(RootFiles.names(files.trash())).isEmpty();
    }

    /** A path that is too long cannot be named, which is no reason to fail with an error that nobody expects. */
    private static void assertFailsOnlyClearly(CacheManager manager, CacheDirectory cache) {
        Throwable counting = catchThrowable(() -> manager.usage(cache.id()));
        assertThat(counting)
                .satisfiesAnyOf(
                        none -> assertThat(none).isNull(),
                        failure -> assertThat(failure).isInstanceOf(CacheException.class));
        Throwable listing = catchThrowable(() -> {
            try (Stream<String> names = cache.resources()) {
                assertThat(names.count()).isPositive();
            }
        });
        assertThat(listing)
                .satisfiesAnyOf(
                        none -> assertThat(none).isNull(),
                        failure -> assertThat(failure).isInstanceOf(CacheException.class));
        assertThat(manager.list()).hasSize(1);
    }

    /** One directory in another, each with a file; made from short ones, because no path may be that long. */
    private Path chain(String name, int levels, int atOnce) throws IOException {
        Path whole = null;
        for (int made = 0; made < levels; made += atOnce) {
            Path part = workshop.resolve("part-" + made);
            Path deepest = part;
            Files.createDirectory(part);
            for (int level = 1; level < Math.min(atOnce, levels - made); level++) {
                deepest = Files.createDirectory(deepest.resolve(name));
                if (level % 10 == 0) {
                    Files.createFile(deepest.resolve("file"));
                }
            }
            if (whole != null) {
                Files.move(whole, deepest.resolve(name));
            }
            whole = part;
        }
        return whole;
    }

    private void wide(WipeMode mode) throws IOException {
        try (CacheManager manager = files.builder().wipe(mode).build()) {
            CacheDirectory cache = manager.create();
            for (int i = 0; i < WIDTH; i++) {
                Files.createFile(cache.path().resolve("file-" + i));
            }
            for (int i = 0; i < 500; i++) {
                Files.createFile(Files.createDirectories(cache.path().resolve("a-" + i + "/b/c"))
                        .resolve("file"));
            }
            assertThat(manager.usage(cache.id()).files()).isEqualTo(WIDTH + 500);
            cache.close();
        }
        assertThat(RootFiles.names(files.caches())).isEmpty();
        assertThat(RootFiles.names(files.trash())).isEmpty();
    }

    /** What a process left that died between the two steps of a wipe. */
    private void sweptAfterDeath() throws IOException {
        Files.move(chain("d", 1_000, 500), files.trash().resolve("01k8xq7d3v9m2c4n6p8r0s1t5w-0"));
        Path orphan = files.caches().resolve("01k8xq7d3v9m2c4n6p8r0s1t5w");
        Files.move(chain("d", 1_000, 500), orphan);
        Files.createSymbolicLink(orphan.resolve("link"), workshop);
        try (CacheManager manager = files.manager()) {
            assertThat(manager.sweep().directories()).isEqualTo(1);
        }
        assertThat(RootFiles.names(files.trash())).isEmpty();
        assertThat(orphan).doesNotExist();
        assertThat(workshop).exists();
    }

    /** Nobody is taken for dead, and nothing for unreferenced, because it could not be looked at. */
    private void withoutFreeFileDescriptors() throws IOException {
        try (CacheManager manager = files.manager();
                CacheManager other = files.manager()) {
            CacheDirectory held = manager.create();
            CacheDirectory shared = other.create();
            List<ThrowingCallable> operations = List.of(
                    () -> manager.attach(shared.id()),
                    () -> RootFiles.write(held, "a", "text"),
                    () -> held.putMetadata("a", 1),
                    () -> manager.lock(shared.id()),
                    () -> manager.evict(shared.id()),
                    () -> manager.list().close(),
                    manager::sweep);
            // once while all is well, because the first call of each loads classes, which takes files too
            for (ThrowingCallable operation : operations) {
                assertThat(catchThrowable(operation))
                        .matches(failure -> failure == null || failure instanceof CacheInUseException);
            }
            manager.attach(shared.id()).close();
            manager.unlock(shared.id());
            Path dead = files.owners().resolve("4711-1795178595000-0123456789abcdef");
            Files.createFile(dead);
            Files.createFile(files.refs(held.id()).resolve(dead.getFileName()));

            Deque<InputStream> open = new ArrayDeque<>();
            Throwable exhausted = catchThrowable(() -> {
                while (true) {
                    open.add(Files.newInputStream(files.format()));
                }
            });
            assertThat(exhausted).hasMessageContaining("Too many open files");
            for (ThrowingCallable operation : operations) {
                Throwable refused = catchThrowable(operation);
                if (refused != null) {
                    assertThat(refused)
                            .hasMessageContaining("Too many open files")
                            .hasMessageContaining("limit");
                }
            }
            assertThat(catchThrowable(manager::sweep)).isInstanceOf(CacheException.class);
            for (InputStream stream : open) {
                stream.close();
            }
            assertThat(manager.sweep().deadOwners()).isOne();
            held.putMetadata("a", 1);
            shared.putMetadata("a", 1);
            shared.unlock();
            manager.create().close();
        }
        assertThat(RootFiles.names(files.caches())).isEmpty();
        assertThat(RootFiles.names(files.prepared())).isEmpty();
    }
}
