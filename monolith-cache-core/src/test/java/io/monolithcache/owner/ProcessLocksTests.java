// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLocksTests {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("lock");
    }

    @Test
    void oneThreadAtATimeHasTheLock() throws Exception {
        int[] unguarded = new int[1];
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<?> each : threads.invokeAll(IntStream.range(0, 4)
                    .mapToObj(thread ->
                            Executors.callable(() -> IntStream.range(0, 500).forEach(i -> increment(unguarded))))
                    .toList())) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(unguarded[0]).isEqualTo(2_000);
    }

    private void increment(int[] counter) {
        try {
            ProcessLocks.locked(file, () -> counter[0]++);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void whoOnlyTriesGoesAwayWhileAnotherHasIt() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<String> holder = thread.submit(() -> ProcessLocks.tryLocked("name", file, () -> {
                held.countDown();
                awaitQuietly(enough);
                return "first";
            }));
            held.await();

            assertThat(ProcessLocks.tryLocked("name", file, () -> "second")).isNull();

            enough.countDown();
            assertThat(holder.get()).isEqualTo("first");
            assertThat(ProcessLocks.tryLocked("name", file, () -> "third")).isEqualTo("third");
        } finally {
            thread.shutdownNow();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatFailsLetsGo() throws IOException {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ProcessLocks.locked(file, () -> {
                    throw new IOException("no");
                }));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> ProcessLocks.tryLocked("name", file, () -> {
                    throw new IllegalStateException("no");
                }));

        assertThat(ProcessLocks.locked(file, () -> "then")).isEqualTo("then");
        assertThat(ProcessLocks.tryLocked("name", file, () -> "again")).isEqualTo("again");
    }

    @Test
    void anInterruptedThreadGetsItsTurnAndStaysInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        try {
            assertThat(ProcessLocks.locked(file, () -> "done")).isEqualTo("done");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(ProcessLocks.locked(file, () -> "again")).isEqualTo("again");
    }
}
