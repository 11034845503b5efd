// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.Intercepted.Answer;
import io.monolithcache.directory.local.LocalBackendProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A manager over a registry that takes a release at once, and tells later what became of it. */
@Timeout(60)
class ReleaseOnItsWayTests {

    @TempDir
    Path root;

    private final Map<String, Answer> answers = new HashMap<>();
    private final CountDownLatch told = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();
    private final RecordingListener listener = new RecordingListener();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private CacheManager manager;

    @BeforeEach
    void build() {
        answers.put("beginRelease", this::later);
        manager = manager(WipeMode.BACKGROUND);
    }

    private CacheManager manager(WipeMode wipe) {
        DirectoryBackend real = new LocalBackendProvider()
                .open(new DirectoryBackend.Settings(root, null, OrphanPolicy.KEEP, false, Clock.systemUTC(), null));
        return new DefaultCacheManager(
                new DirectoryBackend(
                        real.storage(), Intercepted.intercept(ReferenceRegistry.class, real.registry(), answers)),
                new ManagerSettings(Duration.ZERO, wipe, false, false, Duration.ofMinutes(1), Clock.systemUTC()),
                CacheInstrumentation.NONE,
                List.of(listener));
    }

    @AfterEach
    void close() {
        told.countDown();
        threads.shutdownNow();
        manager.close();
    }

    private ReferenceRegistry.Release later(Callable<?> release) {
        begun.incrementAndGet();
        return () -> {
            awaitTold();
            call(release);
        };
    }

    private void awaitTold() {
        try {
            told.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void call(Callable<?> release) {
        try {
            Object unused = release.call();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Path directory(CacheId id) {
        return root.resolve("monolith-cache/caches").resolve(id.value());
    }

    private void awaitGone(CacheId id) {
        await().untilAsserted(() -> assertThat(directory(id)).doesNotExist());
    }

    private static void assertWaits(Future<?> future) {
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> future.get(50, TimeUnit.MILLISECONDS));
    }

    @Test
    void whoClosesDoesNotWaitForIt() {
        CacheDirectory cache = manager.create();

        cache.close();

        assertThat(begun).hasValue(1);
        assertThat(directory(cache.id())).exists();
        assertThat(manager.held()).isZero();
        told.countDown();
        awaitGone(cache.id());
    }

    @Test
    void whoClosesWaitsForItWhereWipesAreSynchronous() {
        CacheManager waiting = manager(WipeMode.SYNCHRONOUS);
        CacheDirectory cache = waiting.create();

        cache.close();

        assertThat(begun).hasValue(0);
        assertThat(directory(cache.id())).doesNotExist();
        waiting.close();
    }

    @Test
    void whoAttachesAgainWaitsForIt() throws Exception {
        CacheDirectory cache = manager.create();
        cache.lock();
        cache.close();

        Future<CacheDirectory> attached = threads.submit(() -> manager.attach(cache.id()));
        assertWaits(attached);
        told.countDown();

        CacheDirectory again = attached.get();
        assertThat(manager.find(cache.id()).orElseThrow().references()).isOne();
        again.unlock();
        again.close();
        awaitGone(cache.id());
    }

    @Test
    void anEvictWaitsForIt() throws Exception {
        CacheDirectory cache = manager.create();
        cache.lock();
        cache.close();

        Future<?> evicted = threads.submit(() -> manager.evict(cache.id()));
        assertWaits(evicted);
        told.countDown();

        assertThat(evicted.get()).isNull();
        assertThat(directory(cache.id())).doesNotExist();
    }

    @Test
    void closingTheManagerWaitsForIt() throws Exception {
        CacheDirectory cache = manager.create();
        cache.close();

        Future<?> closed = threads.submit(manager::close);
        assertWaits(closed);
        told.countDown();

        assertThat(closed.get()).isNull();
        assertThat(directory(cache.id())).doesNotExist();
    }

    @Test
    void oneThatFailsIsToldAgainByASweep() {
        CacheDirectory cache = manager.create();
        answers.put(
                "beginRelease",
                release -> later(() -> {
                    throw new CacheBackendException("no", new IOException("no"));
                }));
        try (LogWatch log = new LogWatch()) {
            cache.close();
            told.countDown();
            await().untilAsserted(() -> assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(cache.id().value(), "could not be told", "later"));
        }

        manager.sweep();

        assertThat(directory(cache.id())).doesNotExist();
    }

    @Test
    void oneThatFailsIsTakenOverByWhoAttaches() {
        CacheDirectory cache = manager.create();
        answers.put(
                "beginRelease",
                release -> later(() -> {
                    throw new CacheBackendException("no", new IOException("no"));
                }));
        cache.close();
        answers.clear();
        told.countDown();

        CacheDirectory again = manager.attach(cache.id());
        manager.sweep();

        assertThat(again.path()).exists();
        again.close();
        awaitGone(cache.id());
    }

    @Test
    void aLossThatItLearnsOfIsTold() {
        CacheDirectory cache = manager.create();
        answers.put(
                "beginRelease",
                release -> later(() -> {
                    throw new CacheLostException(cache.id());
                }));

        cache.close();
        told.countDown();

        await().untilAsserted(() -> assertThat(listener.events())
                .extracting(RecordingListener.Event::what)
                .contains("lost"));
    }

    @Test
    void manyOnTheirWayMakeWhoClosesWait() throws Exception {
        answers.put("beginRelease", release -> later(() -> null));
        for (int i = 0; i < Releases.MOST_ON_THEIR_WAY; i++) {
            manager.create().close();
        }
        answers.put("release", release -> {
            awaitTold();
            return release.call();
        });
        CacheDirectory another = manager.create();

        Future<?> closed = threads.submit(another::close);
        assertWaits(closed);
        told.countDown();

        assertThat(closed.get()).isNull();
        assertThat(begun).hasValue(Releases.MOST_ON_THEIR_WAY);
        assertThat(directory(another.id())).doesNotExist();
    }
}
