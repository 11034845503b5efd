// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.fault.MountNamespace;
import io.monolithcache.store.index.SqliteIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens on a small disk that somebody else fills, and empties again. */
class FullDiskStoreTests {

    @TempDir
    Path disk;

    @Test
    void callersAreServedAndNothingIsCorruptWhileTheDiskIsFull() throws Exception {
        MountNamespace.after("mount -t tmpfs -o size=12m tmpfs \"$1\"", disk).run(Scenario.class, disk);
    }

    /** Works in several threads on a store without a limit. */
    static final class Scenario {

        private static final int THREADS = 4;
        private static final int STEPS = 150;
        private static final int MOST = 100_000;

        private final Store store;

        private Scenario(Store store) {
            this.store = store;
        }

        public static void main(String[] arguments) throws Exception {
            Path disk = Path.of(arguments[0]);
            try (Store store =
                    Store.in(disk.resolve("store")).index(SqliteIndex.FORMAT).open()) {
                Scenario scenario = new Scenario(store);
                scenario.work();
                assertThat(store.status().evictions().get(EvictionCause.SPACE)).isPositive();

                Path filler = fill(disk);
                scenario.work();
                Files.delete(filler);

                assertThat(store.put("after", Content.of(new byte[MOST]))).isTrue();
                assertThat(store.find("after")).isPresent();
                scenario.work();
                scenario.check(disk.resolve("store"));
            }
        }

        private static Path fill(Path disk) throws IOException {
            Path filler = disk.resolve("filler");
            byte[] block = new byte[4_096];
            try (var out = Files.newOutputStream(filler)) {
                while (true) {
                    out.write(block);
                }
            } catch (IOException full) {
                assertThat(FullDisk.is(full)).as("%s", full).isTrue();
            }
            return filler;
        }

        private void work() throws Exception {
            ExecutorService executor = Executors.newFixedThreadPool(THREADS);
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(thread);
                all.add(() -> {
                    for (int step = 0; step < STEPS; step++) {
                        step(random);
                    }
                    return true;
                });
            }
            try {
                for (Future<Boolean> done : executor.invokeAll(all)) {
                    assertThat(done.get()).isTrue();
                }
            } finally {
                executor.shutdown();
            }
        }

        private void step(Random random) throws Exception {
            String key = "key" + random.nextInt(400);
            byte[] content = content(key);
            try (Entry entry = store.getOrLoad(key, missing -> Content.of(content))) {
                assertThat(Arrays.equals(entry.bytes(), content)).as(key).isTrue();
            }
            store.find(key).ifPresent(found -> {
                try (found) {
                    assertThat(Arrays.equals(found.bytes(), content)).as(key).isTrue();
                }
            });
        }

        private static byte[] content(String key) {
            Random random = new Random(key.hashCode());
            byte[] content = new byte[random.nextInt(MOST)];
            random.nextBytes(content);
            return content;
        }

        private void check(Path root) throws IOException {
            assertThat(store.status().evictions().get(EvictionCause.CORRUPT)).isZero();
            long bytes = 0;
            try (var files = Files.walk(root.resolve("content"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    bytes += (Files.size(file) + 4_095) / 4_096 * 4_096;
                }
            }
            assertThat(store.status().bytes()).isEqualTo(bytes);
            assertThat(store.entries()).hasSize((int) store.status().entries());
        }
    }
}
