// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.crash.QuickFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody works in a directory while others look at it, or while it is wiped. */
@Timeout(60)
class ConcurrentChangeFaultTests {

    private static final int ROUNDS = 300;

    @TempDir(factory = QuickFolder.class)
    Path root;

    @Test
    void filesThatVanishMeanwhileDoNotSpoilTheList() throws Exception {
        try (CacheManager manager = new RootFiles(root).manager();
                CacheDirectory cache = manager.create()) {
            RootFiles.write(cache, "kept.txt", "kept");
            try (Scribbler scribbler = new Scribbler(cache.path())) {
                for (int round = 0; round < ROUNDS; round++) {
                    try (Stream<String> names = cache.resources()) {
                        assertThat(names.filter("kept.txt"::equals).count()).isOne();
                    }
                    assertThat(manager.usage(cache.id()).files()).isPositive();
                }
            }
        }
    }

    @Test
    void wipeOfADirectoryInWhichSomebodyStillWritesIsFinishedByASweep() throws Exception {
        RootFiles files = new RootFiles(root);
        try (CacheManager manager = files.manager();
                LogLines log = new LogLines()) {
            for (int round = 0; round < ROUNDS / 10; round++) {
                CacheDirectory cache = manager.create();
                try (Scribbler scribbler = new Scribbler(cache.path())) {
                    assertThatCode(cache::close).doesNotThrowAnyException();
                    assertThat(files.cache(cache.id())).doesNotExist();
                }
            }
            manager.sweep();
            assertThat(RootFiles.names(files.trash())).isEmpty();
            assertThat(log.lines()).allMatch(line -> line.contains("the next sweep tries again"));
        }
    }

    /** Makes and removes files and folders, until it is closed or there is no place for them any more. */
    private static final class Scribbler implements AutoCloseable {

        private final AtomicBoolean stopped = new AtomicBoolean();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CompletableFuture<Void> work;

        Scribbler(Path folder) throws InterruptedException {
            work = CompletableFuture.runAsync(() -> scribble(folder), task -> new Thread(task).start());
            begun.await();
        }

        private void scribble(Path folder) {
            try {
                while (!stopped.get()) {
                    for (int i = 0; i < 5; i++) {
                        Path below = Files.createDirectory(folder.resolve("folder-" + i));
                        Files.createFile(below.resolve("a"));
                        Files.createFile(folder.resolve("file-" + i));
                    }
                    begun.countDown();
                    for (int i = 0; i < 5; i++) {
                        Files.delete(folder.resolve("folder-" + i).resolve("a"));
                        Files.delete(folder.resolve("folder-" + i));
                        Files.delete(folder.resolve("file-" + i));
                    }
                }
            } catch (IOException wiped) {
                begun.countDown();
            }
        }

        @Override
        public void close() {
            stopped.set(true);
            work.join();
        }
    }
}
