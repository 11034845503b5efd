// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.SqliteIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several stores on one folder, which are to each other as those of several processes. */
class SharedStoreTests {

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Store first;
    private Store second;

    @BeforeEach
    void openStores() {
        first = builder().open();
        second = builder().open();
    }

    @AfterEach
    void closeStores() {
        threads.shutdownNow();
        first.close();
        second.close();
    }

    private StoreBuilder builder() {
        return Store.in(folder.resolve("store")).index(SqliteIndex.FORMAT);
    }

    private static Content content(int value) {
        return Content.of(new byte[] {(byte) value});
    }

    @Test
    void oneLoadsAndTheOtherWaits() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger loads = new AtomicInteger();
        Loader loader = key -> {
            loading.countDown();
            goOn.await();
            return content(loads.incrementAndGet());
        };
        List<Future<byte[]>> all = new ArrayList<>();
        for (Store each : List.of(second, first, second, first)) {
            all.add(threads.submit(() -> each.getOrLoad("key", loader).bytes()));
            loading.await();
        }
        goOn.countDown();

        for (Future<byte[]> each : all) {
            assertThat(each.get(20, TimeUnit.SECONDS)).containsExactly(1);
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void nobodyWaitsForEver() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Future<byte[]> slow = threads.submit(() -> first.getOrLoad("key", key -> {
                    loading.countDown();
                    goOn.await();
                    return content(1);
                })
                .bytes());
        loading.await();
        try (Store impatient = builder().loadPatience(Duration.ofMillis(50)).open()) {
            assertThat(impatient.getOrLoad("key", key -> content(2)).bytes()).containsExactly(2);
        }
        goOn.countDown();
        assertThat(slow.get(20, TimeUnit.SECONDS)).containsExactly(1);
    }

    @Test
    void whoeverWaitedForAFailureTriesItself() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Future<byte[]> failing = threads.submit(() -> first.getOrLoad("key", key -> {
                    loading.countDown();
                    goOn.await();
                    throw new IOException("no origin");
                })
                .bytes());
        loading.await();
        Future<byte[]> waiting =
                threads.submit(() -> first.getOrLoad("key", key -> content(2)).bytes());
        goOn.countDown();

        assertThat(waiting.get(20, TimeUnit.SECONDS)).containsExactly(2);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> failing.get(20, TimeUnit.SECONDS))
                .withMessageContaining("no origin");
    }

    @Test
    void aWaitThatIsInterruptedEnds() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Future<byte[]> slow = threads.submit(() -> first.getOrLoad("key", key -> {
                    loading.countDown();
                    goOn.await();
                    return content(1);
                })
                .bytes());
        loading.await();
        Thread waiter = new Thread(() -> {
            try {
                second.getOrLoad("key", key -> content(2)).close();
            } catch (Exception interrupted) {
                goOn.countDown();
            }
        });
        waiter.start();
        waiter.interrupt();

        assertThat(slow.get(20, TimeUnit.SECONDS)).containsExactly(1);
        waiter.join();
    }

    @Test
    void oneSeesAtOnceWhatTheOtherDoes() {
        first.put("key", content(1));
        assertThat(second.find("key")).isPresent();
        second.lock("key");
        second.put("key", content(2));
        assertThat(first.find("key").orElseThrow().bytes()).containsExactly(2);
        assertThat(first.evict(Store.Selection.ALL, false).kept()).isEqualTo(1);
        first.remove("key");
        assertThat(second.find("key")).isEmpty();
        assertThat(second.status().entries()).isZero();
        assertThat(second.status().processes()).isEqualTo(2);
    }

    @Test
    void aFileThatIsOpenInOneIsNotEvictedByTheOther() {
        EntryHash hash =
                first.files().add(new ByteArrayInputStream(new byte[] {1})).hash();
        StoredFile open = first.files().open(hash).orElseThrow();
        assertThat(first.entries()).hasSize(1);
        assertThat(second.evict(Store.Selection.ALL, false).kept()).isEqualTo(1);
        first.close();
        open.close();
        open.close();

        assertThat(second.evict(Store.Selection.ALL, false).entries()).isEqualTo(1);
    }

    @Test
    void manyThreadsOfBothKeepTheLimitAndEachOthersEntries() throws Exception {
        StoreLimits limits = StoreLimits.NONE.withSize(40 * 4_096).withEntries(25);
        try (Store one = builder().limits(limits).open();
                Store two = builder().limits(limits).open()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int thread = 0; thread < 6; thread++) {
                Store own = thread % 2 == 0 ? one : two;
                Random random = new Random(thread);
                all.add(threads.submit(() -> {
                    for (int step = 0; step < 250; step++) {
                        String key = "key" + random.nextInt(40);
                        if (random.nextInt(3) == 0) {
                            own.find(key).ifPresent(Entry::close);
                        } else if (random.nextInt(10) == 0) {
                            own.remove(key);
                        } else {
                            own.put(key, Content.of(new byte[random.nextInt(9_000)]));
                        }
                        Usage usage =
                                new Usage(own.status().bytes(), own.status().entries());
                        assertThat(usage.bytes()).isLessThanOrEqualTo(2 * limits.size());
                    }
                    return true;
                }));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
            }
            long bytes = 0;
            long entries = 0;
            try (Stream<Path> files = Files.walk(folder.resolve("store/content"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    bytes += (Files.size(file) + 4_095) / 4_096 * 4_096;
                    entries++;
                }
            }
            assertThat(one.status().bytes()).isEqualTo(bytes).isLessThanOrEqualTo(limits.size());
            assertThat(one.status().entries()).isEqualTo(entries).isLessThanOrEqualTo(limits.entries());
        }
    }

    @Test
    void anIndexThatIsDeletedWhileStoresAreOpenIsMadeAnew() throws IOException {
        for (int i = 0; i < 50; i++) {
            first.put("key" + i, content(i));
        }
        assertThat(second.entries()).isNotNull();
        try (Stream<Path> files = Files.list(folder.resolve("store/.monolith/index"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        second.put("another", content(1));

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(second.status().isIndexComplete()).isTrue();
            assertThat(second.entries()).hasSize(51);
        });
        first.put("one more", content(1));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(first.entries()).hasSize(52));
    }

    @Test
    void anIndexThatIsCorruptIsMadeAnewAndReadsGoOn() throws IOException {
        for (int i = 0; i < 20; i++) {
            first.put("key" + i, content(i));
        }
        first.lock("key3");
        first.close();
        second.close();
        Files.writeString(folder.resolve("store/.monolith/index/index-1.db"), "not a database");
        // what cannot be described is listed too, so that it can go
        Path corrupt;
        try (Stream<Path> files = Files.walk(folder.resolve("store/content"))) {
            corrupt = files.filter(file -> file.toString().endsWith(".v"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.write(corrupt, new byte[7]);

        try (Store third = builder().open()) {
            assertThat(third.contains("key7")).isTrue();
            await().atMost(Duration.ofSeconds(30)).until(() -> third.status().isIndexComplete());
            assertThat(third.entries()).hasSize(20);
            assertThat(third.status().entries()).isEqualTo(20);
        }
    }

    @Test
    void whatWasRemovedByHandIsNotCountedByTheNext() throws IOException {
        first.put("one", content(1));
        first.put("two", content(2));
        first.close();
        second.close();
        String hash = EntryHash.ofKey("one").toString();
        Files.delete(folder.resolve("store/content/" + hash.substring(0, 2) + "/" + hash + ".v"));

        try (Store third = builder().open()) {
            assertThat(third.status().entries()).isEqualTo(1);
            assertThat(third.entries()).extracting(EntryDescription::key).containsExactly("two");
        }
    }
}
