// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.monolithcache.directory.CacheManager;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Visibility is carried to other threads and never prolongs life; holding does. */
class ScopesAndThreadsTests extends ScopesOfOneManager {

    private final TaskDecorator decorator = new CacheScopeTaskDecorator();

    private static ContextSnapshot snapshot() {
        return ContextSnapshotFactory.builder().build().captureAll();
    }

    // ---- context propagation

    @Test
    void theAccessorIsRegistered() {
        assertThat(ContextRegistry.getInstance().getThreadLocalAccessors())
                .filteredOn(accessor -> accessor.key().equals(CacheScopeThreadLocalAccessor.KEY))
                .singleElement()
                .isInstanceOf(CacheScopeThreadLocalAccessor.class);
    }

    @Test
    void aThreadSeesTheScopeThatIsCarriedToIt() {
        ExecutorService propagating = ContextExecutorService.wrap(others, ScopesAndThreadsTests::snapshot);
        scopes.run(() -> {
            Path path = here();
            assertThat(CompletableFuture.supplyAsync(this::here, propagating).join())
                    .isEqualTo(path);
        });
        assertThat(CompletableFuture.supplyAsync(scopes::isOpen, others).join()).isFalse();
    }

    @Test
    void aThreadThatMerelySeesAScopeDoesNotKeepItOpen() throws Exception {
        ExecutorService propagating = ContextExecutorService.wrap(others, ScopesAndThreadsTests::snapshot);
        CountDownLatch ended = new CountDownLatch(1);
        List<Future<Path>> later = new ArrayList<>();
        scopes.run(() -> {
            here();
            later.add(propagating.submit(() -> {
                ended.await();
                return here();
            }));
        });
        assertThat(directories()).isZero();
        ended.countDown();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(later.get(0)::get)
                .havingCause()
                .isInstanceOf(IllegalStateException.class)
                .withMessageContaining("has ended");
    }

    @Test
    void aFutureOnAPropagatingExecutorHasItsDirectoryToTheEnd() throws Exception {
        ExecutorService propagating = ContextExecutorService.wrap(others, ScopesAndThreadsTests::snapshot);
        CountDownLatch returned = new CountDownLatch(1);
        CompletableFuture<Boolean> future = scopes.call(() -> {
            here();
            return CompletableFuture.supplyAsync(
                    () -> {
                        awaitUninterruptibly(returned);
                        return here().toFile().isDirectory();
                    },
                    propagating);
        });
        returned.countDown();
        assertThat(future.join()).isTrue();
        await().untilAsserted(() -> assertThat(directories()).isZero());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void aSnapshotWithoutAScopeHidesTheOneThatIsSeen() {
        ContextSnapshot nothing =
                ContextSnapshotFactory.builder().clearMissing(true).build().captureAll();
        scopes.run(() -> {
            try (ContextSnapshot.Scope restoring = nothing.setThreadLocals()) {
                assertThat(scopes.isOpen()).isFalse();
            }
            assertThat(scopes.isOpen()).isTrue();
        });
    }

    @Test
    void aSnapshotIsLeftWithoutATrace() {
        OpenScope scope = scopes.begin();
        ContextSnapshot seen;
        try (OpenScope.Visible visible = scope.enter()) {
            seen = snapshot();
        }
        try (ContextSnapshot.Scope outer = seen.setThreadLocals()) {
            try (ContextSnapshot.Scope inner = seen.setThreadLocals()) {
                assertThat(scopes.isOpen()).isTrue();
            }
            assertThat(scopes.isOpen()).isTrue();
        }
        assertThat(scopes.isOpen()).isFalse();
    }

    @Test
    void aScopeThatIsLeftBeforeTheSnapshotDoesNotComeBack() {
        OpenScope scope = scopes.open();
        ContextSnapshot.Scope restoring = snapshot().setThreadLocals();
        scope.close();
        restoring.close();
        assertThat(VisibleScopes.top()).isNull();
    }

    @Test
    void aScopeIsCarriedBackToTheThreadThatLeftIt() {
        OpenScope scope = scopes.open();
        OpenScope held = scope.hold();
        ContextSnapshot seen = snapshot();
        scope.close();
        try (ContextSnapshot.Scope restoring = seen.setThreadLocals()) {
            assertThat(here()).isEqualTo(held.directory().path());
        }
        held.close();
    }

    // ---- Reactor

    @Test
    void reactorCarriesTheScopeToEveryThread() {
        Hooks.enableAutomaticContextPropagation();
        try {
            Work work = Proxies.of(scopes, new Work(scopes));
            List<Boolean> same = work.threads().collectList().block(Duration.ofSeconds(30));
            assertThat(same).hasSize(20).containsOnly(true);
            assertThat(directories()).isZero();
        } finally {
            Hooks.disableAutomaticContextPropagation();
        }
    }

    @Test
    void reactorCarriesTheScopeOfTheSubscriber() {
        Hooks.enableAutomaticContextPropagation();
        try {
            scopes.run(() -> {
                Path path = here();
                assertThat(Mono.fromCallable(this::here)
                                .subscribeOn(Schedulers.boundedElastic())
                                .block(Duration.ofSeconds(30)))
                        .isEqualTo(path);
            });
        } finally {
            Hooks.disableAutomaticContextPropagation();
        }
    }

    static class Work {

        private final CacheScopes scopes;

        Work(CacheScopes scopes) {
            this.scopes = scopes;
        }

        @InCacheScope
        Flux<Boolean> threads() {
            Path path = scopes.directory().path();
            return Flux.range(0, 20)
                    .flatMap(number -> Mono.fromCallable(
                                    () -> scopes.directory().path().equals(path))
                            .subscribeOn(Schedulers.boundedElastic()))
                    .publishOn(Schedulers.parallel())
                    .map(same -> same && scopes.directory().path().equals(path));
        }
    }

    // ---- the decorator of tasks

    @Test
    void aDecoratedTaskHoldsTheScopeUntilItHasRun() {
        AtomicReference<Runnable> task = new AtomicReference<>();
        AtomicReference<Boolean> there = new AtomicReference<>();
        scopes.run(() -> {
            here();
            task.set(decorator.decorate(() -> there.set(here().toFile().isDirectory())));
        });
        assertThat(directories()).isOne();
        task.get().run();
        assertThat(there).hasValue(true);
        assertThat(directories()).isZero();
    }

    @Test
    void withoutAScopeTheDecoratorDoesNothing() {
        Runnable task = () -> {};
        assertThat(decorator.decorate(task)).isSameAs(task);
    }

    @Test
    void aTaskThatIsHandedOverAfterTheEndStaysAsItIs() {
        Runnable task = () -> {};
        OpenScope scope = scopes.begin();
        try (OpenScope.Visible visible = scope.enter()) {
            scope.close();
            assertThat(decorator.decorate(task)).isSameAs(task);
        }
    }

    @Test
    void aDecoratedTaskHoldsTheScopesOfEveryManager(@TempDir Path elsewhere) {
        try (CacheManager second = CacheManager.builder().root(elsewhere).build()) {
            CacheScopes othersScopes = new CacheScopes(second);
            AtomicReference<Runnable> task = new AtomicReference<>();
            AtomicReference<Boolean> both = new AtomicReference<>();
            scopes.run(() -> othersScopes.run(() -> {
                here();
                othersScopes.directory().path();
                task.set(decorator.decorate(() -> both.set(here().toFile().isDirectory()
                        && othersScopes.directory().path().toFile().isDirectory())));
            }));
            task.get().run();
            assertThat(both).hasValue(true);
            assertThat(directories() + second.list(null, 10).size()).isZero();
        }
    }

    @Test
    void tasksOfASpringExecutorHoldTheScope() throws Exception {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setCorePoolSize(1);
        executor.setTaskDecorator(decorator);
        executor.initialize();
        try {
            CountDownLatch ended = new CountDownLatch(1);
            List<Future<Boolean>> later = new ArrayList<>();
            scopes.run(() -> {
                here();
                later.add(executor.submit(() -> {
                    ended.await();
                    return here().toFile().isDirectory();
                }));
            });
            ended.countDown();
            assertThat(later.get(0).get()).isTrue();
            await().untilAsserted(() -> assertThat(directories()).isZero());
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void aTaskThatIsRefusedLetsGoWhenItIsCollected() {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setTaskDecorator(decorator);
        executor.initialize();
        executor.shutdown();
        scopes.run(() -> {
            here();
            assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> executor.execute(() -> {}));
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return directories() == 0;
        });
    }

    @Test
    void aTaskThatRunsAgainAndAgainHoldsNothingAndOneThatRunsLaterDoes() throws Exception {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        scheduler.setTaskDecorator(decorator);
        scheduler.initialize();
        try {
            scopes.run(() -> {
                here();
                Future<?> unused = scheduler.scheduleAtFixedRate(
                        () -> {}, Instant.now().plus(Duration.ofHours(1)), Duration.ofHours(1));
            });
            assertThat(directories()).isZero();

            CountDownLatch ended = new CountDownLatch(1);
            CompletableFuture<Boolean> there = new CompletableFuture<>();
            scopes.run(() -> {
                here();
                Future<?> unused = scheduler.schedule(
                        () -> {
                            awaitUninterruptibly(ended);
                            there.complete(here().toFile().isDirectory());
                        },
                        Instant.now());
            });
            ended.countDown();
            assertThat(there.get()).isTrue();
        } finally {
            scheduler.shutdown();
        }
    }

    @Test
    void aTaskThatSeesAnEndedScopeIsTold() {
        AtomicReference<Runnable> task = new AtomicReference<>();
        scopes.run(() -> task.set(decorator.decorate(this::here)));
        task.get().run();
        assertThatIllegalStateException().isThrownBy(task.get()::run).withMessageContaining("has ended");
    }
}
