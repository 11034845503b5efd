// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheNotFoundException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads of one process against each other, through one manager and through several. */
class ThreadRaceTests {

    private static final int ROUNDS = 300;

    @TempDir(factory = QuickFolder.class)
    Path root;

    private final List<CacheManager> managers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        managers.forEach(CacheManager::close);
        threads.shutdownNow();
    }

    private CacheManager manager(Duration sweepInterval) {
        CacheManager manager =
                CacheManager.builder().root(root).sweepInterval(sweepInterval).build();
        managers.add(manager);
        return manager;
    }

    /** One that does not sweep by itself: a sweep could come before either of two that race. */
    private CacheManager manager() {
        return manager(Duration.ZERO);
    }

    private CacheManager manager(int number) {
        return managers.get(number % managers.size());
    }

    private Path directory(CacheId id) {
        return root.resolve("monolith-cache/caches").resolve(id.value());
    }

    /** Whoever finds the cache gone makes the next one, so the last release races with attaches all the time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void cacheStaysUntilTheLastOfManyThreadsLetsGo(int number) throws Exception {
        for (int i = 0; i < number; i++) {
            manager(Duration.ofMillis(1));
        }
        AtomicReference<CacheId> current = new AtomicReference<>(CacheId.of("00000000000000000000000000"));
        List<Future<?>> results = new ArrayList<>();
        for (int thread = 0; thread < 64; thread++) {
            CacheManager mine = manager(thread);
            results.add(threads.submit(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    try (CacheDirectory cache = attachOrCreate(mine, current)) {
                        assertThat(directory(cache.id()).resolve("meta.json")).exists();
                        assertThat(cache.exists("nothing")).isFalse();
                    }
                }
                return null;
            }));
        }
        for (Future<?> result : results) {
            result.get();
        }
        assertThat(directory(current.get())).doesNotExist();
        assertThat(new Remains(root.resolve("monolith-cache")).caches()).isEmpty();
    }

    /** The cache is locked, so it stays; what is asked is whether the reference is there while a handle is open. */
    @Test
    void newHandleIsNotLeftWithoutReferenceByTheLastCloseBeforeIt() throws Exception {
        CacheManager manager = manager();
        CacheId id = lockedCache();
        List<Future<?>> results = new ArrayList<>();
        // two: with more of them the last close is rare
        for (int thread = 0; thread < 2; thread++) {
            results.add(threads.submit(() -> {
                for (int i = 0; i < 200 * ROUNDS; i++) {
                    try (CacheDirectory cache = manager.attach(id)) {
                        assertThat(cache.exists("nothing")).isFalse();
                    }
                }
                return null;
            }));
        }
        for (Future<?> result : results) {
            result.get();
        }
        assertThat(manager.unlock(id)).isTrue();
    }

    private static CacheDirectory attachOrCreate(CacheManager manager, AtomicReference<CacheId> current) {
        try {
            return manager.attach(current.get());
        } catch (CacheNotFoundException gone) {
            CacheDirectory next = manager.create();
            current.set(next.id());
            return next;
        }
    }

    private interface Racer {
        Object run() throws Exception;
    }

    /** Runs both at the same moment; answers with what they returned, or with the names of their exceptions. */
    private List<String> race(Racer one, Racer other) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        Future<String> first = threads.submit(answer(start, one));
        Future<String> second = threads.submit(answer(start, other));
        return List.of(first.get(), second.get());
    }

    private static Callable<String> answer(CyclicBarrier start, Racer racer) {
        return () -> {
            start.await();
            try {
                return String.valueOf(racer.run());
            } catch (CacheException refused) {
                return refused.getClass().getSimpleName();
            }
        };
    }

    private CacheId lockedCache() {
        try (CacheDirectory cache = manager(0).create()) {
            cache.lock();
            return cache.id();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void evictAndAttachAgreeOnWhoWasFirst(int number) throws Exception {
        for (int i = 0; i < number; i++) {
            manager();
        }
        for (int i = 0; i < ROUNDS; i++) {
            CacheId id = lockedCache();
            AtomicReference<CacheDirectory> attached = new AtomicReference<>();

            List<String> answers = race(
                    () -> {
                        manager(0).evict(id);
                        return "evicted";
                    },
                    () -> {
                        attached.set(manager(1).attach(id));
                        return "attached";
                    });

            if (answers.equals(List.of("CacheInUseException", "attached"))) {
                assertThat(directory(id)).isDirectory();
                assertThat(attached.get().isLocked()).as("locked as before").isTrue();
                attached.get().close();
                assertThat(manager(0).unlock(id)).isTrue();
            } else {
                assertThat(answers).isEqualTo(List.of("evicted", "CacheNotFoundException"));
            }
            assertThat(directory(id)).doesNotExist();
        }
    }

    /** An evict lists, looks and unlocks; whoever attaches in between keeps the cache, and the cache its lock. */
    @Test
    void evictAmongManyAttachesTakesTheCacheFromNobody() throws Exception {
        CacheManager evicting = manager();
        List<CacheManager> attaching = List.of(manager(), manager());
        for (int i = 0; i < ROUNDS; i++) {
            CacheId id = lockedCache();
            AtomicBoolean over = new AtomicBoolean();
            List<Future<?>> attachers = new ArrayList<>();
            for (CacheManager manager : attaching) {
                attachers.add(threads.submit(() -> attachUntil(over, manager, id)));
            }
            boolean inUse = false;
            try {
                evicting.evict(id);
            } catch (CacheInUseException refused) {
                inUse = true;
            } catch (CacheNotFoundException wipedByTheLastAttacher) {
                inUse = false;
            } finally {
                over.set(true);
            }
            for (Future<?> attacher : attachers) {
                attacher.get();
            }
            if (inUse) {
                assertThat(evicting.find(id).orElseThrow().locked())
                        .as("locked as before")
                        .isTrue();
                evicting.unlock(id);
            }
            assertThat(directory(id)).doesNotExist();
        }
    }

    private Object attachUntil(AtomicBoolean over, CacheManager manager, CacheId id) {
        while (!over.get()) {
            try (CacheDirectory cache = manager.attach(id)) {
                assertThat(directory(cache.id()).resolve("meta.json")).exists();
            } catch (CacheNotFoundException evicted) {
                return "gone";
            }
        }
        return "still there";
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void unlockAndAttachAgreeOnWhoWasFirst(int number) throws Exception {
        for (int i = 0; i < number; i++) {
            manager();
        }
        for (int i = 0; i < ROUNDS; i++) {
            CacheId id = lockedCache();
            AtomicReference<CacheDirectory> attached = new AtomicReference<>();

            List<String> answers = race(() -> manager(0).unlock(id), () -> {
                attached.set(manager(1).attach(id));
                return "attached";
            });

            if (answers.equals(List.of("false", "attached"))) {
                assertThat(directory(id)).isDirectory();
                attached.get().close();
            } else {
                assertThat(answers).isEqualTo(List.of("true", "CacheNotFoundException"));
            }
            assertThat(directory(id)).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void lockAndReleaseAgreeOnWhoWasFirst(int number) throws Exception {
        for (int i = 0; i < number; i++) {
            manager();
        }
        for (int i = 0; i < ROUNDS; i++) {
            CacheDirectory cache = manager(0).create();
            CacheId id = cache.id();

            List<String> answers = race(
                    () -> {
                        cache.close();
                        return "closed";
                    },
                    () -> {
                        manager(1).lock(id);
                        return "locked";
                    });

            if (answers.equals(List.of("closed", "locked"))) {
                assertThat(manager(0).find(id).orElseThrow().locked()).isTrue();
                assertThat(manager(0).unlock(id)).isTrue();
            } else {
                assertThat(answers).isEqualTo(List.of("closed", "CacheNotFoundException"));
            }
            assertThat(directory(id)).doesNotExist();
        }
    }

    @Test
    void onlyOneOfManyWipes() throws Exception {
        manager();
        manager();
        for (int i = 0; i < ROUNDS; i++) {
            CacheId id = lockedCache();

            List<String> answers =
                    race(() -> manager(0).unlock(id), () -> manager(1).unlock(id));

            assertThat(answers).contains("true");
            assertThat(Set.copyOf(answers))
                    .isSubsetOf("true", "false", "CacheNotFoundException")
                    .hasSize(2);
        }
    }

    @Test
    void managerThatIsClosedWhileOthersUseItLeavesNothing() throws Exception {
        for (int i = 0; i < 100; i++) {
            CacheManager closing = manager(Duration.ofMillis(1));
            CacheManager other = manager();
            CacheDirectory shared = other.create();
            List<Future<?>> results = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                boolean creates = thread % 2 == 0;
                results.add(threads.submit(() -> use(closing, shared.id(), creates)));
            }
            closing.close();
            for (Future<?> result : results) {
                result.get();
            }
            shared.close();
            other.close();
            // a sweep that was under way ends soon after its manager was closed
            await("round " + i)
                    .pollInterval(Duration.ofMillis(1))
                    .untilAsserted(
                            () -> assertThat(new Remains(root.resolve("monolith-cache")).violations(locked -> false))
                                    .isEmpty());
        }
    }

    private static Object use(CacheManager manager, CacheId shared, boolean creates) {
        try {
            while (true) {
                CacheDirectory handle = creates ? manager.create() : manager.attach(shared);
                handle.close();
            }
        } catch (IllegalStateException closed) {
            return "closed";
        } catch (CacheException unexpected) {
            return fail(unexpected);
        }
    }
}
