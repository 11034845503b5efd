// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.Intercepted.Answer;
import io.monolithcache.directory.local.LocalBackendProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager over a registry and a storage that fail, or answer at the worst moment. */
class FailingBackendTests {

    private static final Answer FAIL = method -> {
        throw new CacheBackendException("no", new IOException("no"));
    };

    @TempDir
    Path root;

    private final Map<String, Answer> registryAnswers = new HashMap<>();
    private final Map<String, Answer> storageAnswers = new HashMap<>();
    private final RecordingListener listener = new RecordingListener();
    private Consumer<RuntimeException> sweepFailed = failure -> {};
    private CacheManager manager;

    @BeforeEach
    void build() {
        DirectoryBackend real = new LocalBackendProvider()
                .open(new DirectoryBackend.Settings(root, null, OrphanPolicy.KEEP, false, Clock.systemUTC(), null));
        manager = new DefaultCacheManager(
                new DirectoryBackend(
                        Intercepted.intercept(DirectoryStorage.class, real.storage(), storageAnswers),
                        Intercepted.intercept(ReferenceRegistry.class, real.registry(), registryAnswers)),
                new ManagerSettings(
                        Duration.ZERO, WipeMode.SYNCHRONOUS, false, true, Duration.ofMillis(5), Clock.systemUTC()),
                CacheInstrumentation.NONE,
                List.of(listener, new CacheListener() {
                    @Override
                    public void sweepFailed(RuntimeException failure) {
                        sweepFailed.accept(failure);
                    }
                }));
    }

    @AfterEach
    void close() {
        registryAnswers.clear();
        storageAnswers.clear();
        manager.close();
    }

    private Path caches() {
        return root.resolve("monolith-cache/caches");
    }

    @Test
    void aCacheThatCannotBeLockedIsNotLeftBehind() {
        registryAnswers.put("lock", FAIL);

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> manager.create(CacheOptions.defaults().locked()));

        assertThat(caches()).isEmptyDirectory();
        assertThat(listener.events()).extracting(RecordingListener.Event::what).doesNotContain("created");
    }

    @Test
    void anIdThatCannotBeHadIsReplacedByAnother() {
        AtomicInteger refusals = new AtomicInteger(3);
        registryAnswers.put("create", method -> refusals.getAndDecrement() > 0 ? false : method.call());

        assertThat(manager.create().path()).exists();
        assertThat(refusals).hasValue(-1);
    }

    @Test
    void ifNoIdCanBeHadItSaysSo() {
        registryAnswers.put("create", method -> false);

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(manager::create)
                .withMessageContaining("try again");
    }

    @Test
    void whatIsCreatedWhileTheManagerClosesIsReleased() throws Exception {
        Thread closing = new Thread(manager::close);
        registryAnswers.put("create", method -> {
            startAndAwait(closing);
            return method.call();
        });

        CacheDirectory cache = manager.create();

        closing.join();
        assertThatIllegalStateException().isThrownBy(cache::path);
        assertThat(caches()).isEmptyDirectory();
    }

    @Test
    void whatIsAttachedWhileTheManagerClosesIsReleased() throws Exception {
        CacheId id;
        try (CacheDirectory cache = manager.create(CacheOptions.defaults().locked())) {
            id = cache.id();
        }
        Thread closing = new Thread(manager::close);
        registryAnswers.put("attach", method -> {
            startAndAwait(closing);
            return method.call();
        });

        CacheDirectory cache = manager.attach(id);

        closing.join();
        assertThatIllegalStateException().isThrownBy(cache::path);
        assertThat(root.resolve("monolith-cache/.monolith/refs").resolve(id.value()))
                .isDirectoryNotContaining(file -> !file.endsWith("locked"));
    }

    /** Returns when the thread waits for what is under way. */
    private static void startAndAwait(Thread closing) {
        closing.start();
        await().until(() -> closing.getState() == Thread.State.WAITING);
    }

    @Test
    void whatVanishesWhileItIsDescribedIsNotFound() {
        CacheDirectory cache = manager.create();
        storageAnswers.put("metadata", method -> {
            throw new CacheNotFoundException(cache.id());
        });

        assertThat(manager.find(cache.id())).isEmpty();
    }

    @Test
    void aSweepThatFailsIsHeard() {
        List<RuntimeException> failures = new ArrayList<>();
        sweepFailed = failures::add;
        registryAnswers.put("sweep", FAIL);

        RuntimeException failure = catchThrowableOfType(CacheBackendException.class, manager::sweep);

        assertThat(failures).containsExactly(failure);
    }

    @Test
    void closingNeverFails() {
        manager.create();
        registryAnswers.put("close", FAIL);

        try (LogWatch log = new LogWatch()) {
            manager.close();
            assertThat(log.warnings()).singleElement().asString().contains("left something");
        }
    }

    @Test
    void aLeakedHandleIsNotReleasedWhileItsDirectoryChanges() {
        AtomicLong changes = new AtomicLong();
        storageAnswers.put("changes", method -> changes.incrementAndGet());

        CacheId id = createAndDrop();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return changes.get() > 10;
        });
        assertThat(Files.exists(caches().resolve(id.value()))).isTrue();

        storageAnswers.put("changes", method -> 0L);
        await().until(() -> !Files.exists(caches().resolve(id.value())));
    }

    @Test
    void aLeakedHandleIsNotReleasedWhileNobodyKnowsWhetherItIsUsed() {
        AtomicInteger looks = new AtomicInteger();
        storageAnswers.put("changes", method -> {
            looks.incrementAndGet();
            throw new CacheBackendException("no", null);
        });

        try (LogWatch log = new LogWatch()) {
            CacheId id = createAndDrop();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                System.gc();
                return looks.get() > 2;
            });

            assertThat(Files.exists(caches().resolve(id.value()))).isTrue();
            assertThat(log.warnings()).noneMatch(warning -> warning.contains("released"));
            manager.close();
        }
    }

    /** A method of its own, so that no variable keeps the handle reachable. */
    private CacheId createAndDrop() {
        return manager.create().id();
    }
}
