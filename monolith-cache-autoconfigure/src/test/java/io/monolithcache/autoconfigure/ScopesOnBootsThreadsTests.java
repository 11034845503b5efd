// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.InCacheScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.reactor.autoconfigure.ReactorAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** On the threads that Boot provides, a scope is seen, and held by the tasks that were handed over in it. */
class ScopesOnBootsThreadsTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(
                CacheScopesAutoConfiguration.class,
                AopAutoConfiguration.class,
                TaskExecutionAutoConfiguration.class,
                TaskSchedulingAutoConfiguration.class);
    }

    /** Runs a task on Boot's executor that outlives the scope in which it was handed over. */
    private static void tasksOfTheExecutorHoldTheScope(ApplicationContextRunner runner) {
        runner.run(context -> {
            CacheDirectory directory = context.getBean(CacheDirectory.class);
            AsyncTaskExecutor executor = context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class);
            CountDownLatch ended = new CountDownLatch(1);
            List<CompletableFuture<Boolean>> there = new ArrayList<>();
            context.getBean(CacheScopes.class).run(() -> {
                directory.path();
                CompletableFuture<Boolean> answer = new CompletableFuture<>();
                there.add(answer);
                executor.execute(() -> {
                    try {
                        ended.await();
                        answer.complete(Files.isDirectory(directory.path()));
                    } catch (InterruptedException | RuntimeException failure) {
                        answer.completeExceptionally(failure);
                    }
                });
            });
            ended.countDown();
            assertThat(there.get(0).get(30, TimeUnit.SECONDS)).isTrue();
            await().untilAsserted(
                            () -> assertThat(context.getBean(CacheManager.class).list(null, 10))
                                    .isEmpty());
        });
    }

    @Test
    void tasksOfBootsExecutorHoldTheScope() {
        tasksOfTheExecutorHoldTheScope(runner);
    }

    @Test
    void tasksOnVirtualThreadsHoldTheScope() {
        assumeThat(Runtime.version().feature()).as("JDKs with virtual threads").isGreaterThanOrEqualTo(21);
        tasksOfTheExecutorHoldTheScope(runner.withPropertyValues("spring.threads.virtual.enabled=true"));
    }

    private interface Handing {
        void over(TaskScheduler scheduler, Runnable task, CacheScopes scopes);
    }

    private static void atOnce(TaskScheduler scheduler, Runnable task, CacheScopes scopes) {
        ((TaskExecutor) scheduler).execute(task);
    }

    private static void forATime(TaskScheduler scheduler, Runnable task, CacheScopes scopes) {
        ScheduledFuture<?> unused = scheduler.schedule(task, Instant.now().plusMillis(1));
    }

    private static void wrappedForATime(TaskScheduler scheduler, Runnable task, CacheScopes scopes) {
        forATime(scheduler, scopes.wrap(task), scopes);
    }

    /** Whether a task sees the scope in which it was given to Boot's scheduler, once that is over for its caller. */
    private static void tasksOfTheScheduler(ApplicationContextRunner runner, Handing handing, boolean seen) {
        runner.withUserConfiguration(WithScheduling.class).run(context -> {
            CacheScopes scopes = context.getBean(CacheScopes.class);
            CacheDirectory directory = context.getBean(CacheDirectory.class);
            TaskScheduler scheduler = context.getBean(TaskScheduler.class);
            CountDownLatch ended = new CountDownLatch(1);
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            scopes.run(() -> {
                directory.path();
                Runnable task = () -> {
                    try {
                        ended.await();
                        answer.complete(scopes.isOpen() && Files.isDirectory(directory.path()));
                    } catch (InterruptedException | RuntimeException failure) {
                        answer.completeExceptionally(failure);
                    }
                };
                handing.over(scheduler, task, scopes);
            });
            ended.countDown();
            assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(seen);
            await().untilAsserted(
                            () -> assertThat(context.getBean(CacheManager.class).list(null, 10))
                                    .isEmpty());
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class WithScheduling {}

    @Test
    void tasksOfBootsSchedulerHoldTheScope() {
        tasksOfTheScheduler(runner, ScopesOnBootsThreadsTests::atOnce, true);
        tasksOfTheScheduler(runner, ScopesOnBootsThreadsTests::forATime, true);
    }

    /** Spring's scheduler for virtual threads decorates a task when its time has come, on a thread of its own. */
    @Test
    void aTaskForATimeOnVirtualThreadsHoldsTheScopeWhenWrapped() {
        assumeThat(Runtime.version().feature()).as("JDKs with virtual threads").isGreaterThanOrEqualTo(21);
        ApplicationContextRunner virtual = runner.withPropertyValues("spring.threads.virtual.enabled=true");
        tasksOfTheScheduler(virtual, ScopesOnBootsThreadsTests::atOnce, true);
        tasksOfTheScheduler(virtual, ScopesOnBootsThreadsTests::forATime, false);
        tasksOfTheScheduler(virtual, ScopesOnBootsThreadsTests::wrappedForATime, true);
    }

    @Test
    void theDecoratorJoinsThoseOfTheApplication() {
        List<String> decorated = new CopyOnWriteArrayList<>();
        TaskDecorator ours = task -> {
            decorated.add("ours");
            return task;
        };
        ApplicationContextRunner both = runner.withBean("ours", TaskDecorator.class, () -> ours);
        tasksOfTheExecutorHoldTheScope(both);
        assertThat(decorated).isNotEmpty();
        // whoever injects one gets the application's
        both.run(context -> assertThat(context.getBean(TaskDecorator.class)).isSameAs(ours));
    }

    @Test
    void theDecoratorJoinsThatOfContextPropagation() {
        tasksOfTheExecutorHoldTheScope(runner.withPropertyValues("spring.task.execution.propagate-context=true"));
    }

    @Test
    void asyncMethodsSeeAndHoldTheScopeOfTheirCaller() {
        runner.withUserConfiguration(WithAsync.class).run(context -> {
            CacheScopes scopes = context.getBean(CacheScopes.class);
            Later later = context.getBean(Later.class);
            CompletableFuture<Void> ended = new CompletableFuture<>();
            List<Path> path = new ArrayList<>();
            List<CompletableFuture<Path>> results = new ArrayList<>();
            scopes.run(() -> {
                path.add(scopes.directory().path());
                results.add(later.path(ended));
            });
            assertThat(path.get(0)).isDirectory();
            ended.complete(null);
            assertThat(results.get(0).get(30, TimeUnit.SECONDS)).isEqualTo(path.get(0));
            await().untilAsserted(() -> assertThat(path.get(0)).doesNotExist());
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class WithAsync {

        @Bean
        Later later(CacheDirectory directory) {
            return new Later(directory);
        }
    }

    static class Later {

        private final CacheDirectory directory;

        Later(CacheDirectory directory) {
            this.directory = directory;
        }

        @Async
        @InCacheScope
        public CompletableFuture<Path> path(CompletableFuture<Void> ended) {
            ended.join();
            return CompletableFuture.completedFuture(Files.isDirectory(directory.path()) ? directory.path() : null);
        }
    }

    @Test
    void reactorCarriesTheScopeWhereBootIsToldSo() {
        try {
            runner.withConfiguration(AutoConfigurations.of(ReactorAutoConfiguration.class))
                    .withPropertyValues("spring.reactor.context-propagation=auto")
                    .withUserConfiguration(WithReactor.class)
                    .run(context -> assertThat(
                                    context.getBean(Reactive.class).same().block())
                            .isTrue());
        } finally {
            Hooks.disableAutomaticContextPropagation();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithReactor {

        @Bean
        Reactive reactive(CacheDirectory directory) {
            return new Reactive(directory);
        }
    }

    static class Reactive {

        private final CacheDirectory directory;

        Reactive(CacheDirectory directory) {
            this.directory = directory;
        }

        @InCacheScope
        public Mono<Boolean> same() {
            Path path = directory.path();
            return Mono.fromCallable(() -> directory.path().equals(path) && Files.isDirectory(path))
                    .subscribeOn(Schedulers.boundedElastic());
        }
    }
}
