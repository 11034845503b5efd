// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheBeanScope;
import io.monolithcache.scope.CacheScope;
import io.monolithcache.scope.CacheScopeTaskDecorator;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.InCacheScope;
import io.monolithcache.scope.InCacheScopeBeanPostProcessor;
import io.monolithcache.scope.ScopePropagation;
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
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.reactor.autoconfigure.ReactorAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.support.SimpleThreadScope;
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

class CacheScopesAutoConfigurationTests {

    @TempDir
    Path root;

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MonolithCacheAutoConfiguration.class,
                        CacheScopesAutoConfiguration.class,
                        AopAutoConfiguration.class,
                        TaskExecutionAutoConfiguration.class,
                        TaskSchedulingAutoConfiguration.class))
                .withPropertyValues("monolith.cache.local.path=" + root);
    }

    private static boolean isDirectory(Path path) {
        return path.toFile().isDirectory();
    }

    // ---- what there is, and when not

    @Test
    void scopesAreTheManagers() {
        runner.run(context -> {
            assertThat(context).getBeanNames(CacheScopes.class).containsExactly("cacheScopes");
            context.getBean(CacheScopes.class).run(() -> {
                assertThat(context.getBean(CacheManager.class).list(null, 10)).isEmpty();
                assertThat(context.getBean(CacheDirectory.class).path()).isDirectory();
                assertThat(context.getBean(CacheManager.class).list(null, 10)).hasSize(1);
            });
            assertThat(context.getBean(CacheManager.class).list(null, 10)).isEmpty();
        });
    }

    @Test
    void disabledThereIsNothing() {
        runner.withPropertyValues("monolith.cache.enabled=false")
                .withBean(
                        CacheManager.class,
                        () -> CacheManager.builder().root(root).build())
                .run(context -> assertThat(context)
                        .doesNotHaveBean(CacheScopes.class)
                        .doesNotHaveBean(CacheDirectory.class)
                        .doesNotHaveBean(InCacheScopeBeanPostProcessor.class)
                        .doesNotHaveBean(CacheScopeTaskDecorator.class));
    }

    @Test
    void withoutTheCoreThereIsNothing() {
        runner.withClassLoader(new FilteredClassLoader("io.monolithcache.scope", "io.monolithcache.directory"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("cacheScopes"));
    }

    @Test
    void ofTwoManagersNoneIsPreferred() {
        runner.withBean(
                        "one",
                        CacheManager.class,
                        () -> CacheManager.builder().root(root).build())
                .withBean(
                        "other",
                        CacheManager.class,
                        () -> CacheManager.builder().root(root).build())
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheScopes.class));
    }

    @Test
    void scopesOfTheApplicationWin() {
        runner.withUserConfiguration(WithScopes.class)
                .withUserConfiguration(Application.class)
                .run(context -> {
                    assertThat(context).getBeanNames(CacheScopes.class).containsExactly("ours");
                    assertThat(context.getBean(Reports.class).make()).doesNotExist();
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class WithScopes {

        @Bean
        CacheScopes ours(CacheManager manager) {
            return new CacheScopes(manager);
        }
    }

    /** Two managers and the scopes of each: there is neither a primary manager nor primary scopes. */
    @Configuration(proxyBeanMethods = false)
    static class OfTwoManagers {

        @Bean
        CacheManager oneManager(@Value("${monolith.cache.local.path}") Path root) {
            return CacheManager.builder().root(root.resolve("one")).build();
        }

        @Bean
        CacheManager otherManager(@Value("${monolith.cache.local.path}") Path root) {
            return CacheManager.builder().root(root.resolve("other")).build();
        }

        @Bean
        CacheScopes one(@Qualifier("oneManager") CacheManager manager) {
            return new CacheScopes(manager);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithOthers {

        @Bean
        CacheScopes other(@Qualifier("otherManager") CacheManager manager) {
            return new CacheScopes(manager);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithPrimaryOthers {

        @Bean
        @Primary
        CacheScopes other(@Qualifier("otherManager") CacheManager manager) {
            return new CacheScopes(manager);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithReports {

        @Bean
        Reports reports(ObjectProvider<CacheDirectory> directory, ObjectProvider<CacheScopes> scopes) {
            return new Reports(directory.getIfAvailable(
                    () -> scopes.stream().findFirst().orElseThrow().directory()));
        }
    }

    @Test
    void theScopesOfTheApplicationNeedNoOneManager() {
        runner.withUserConfiguration(OfTwoManagers.class, Application.class).run(context -> {
            assertThat(context.getBean(Reports.class).make())
                    .doesNotExist()
                    .startsWithRaw(root.toRealPath().resolve("one"));
            context.getBean("one", CacheScopes.class)
                    .run(() -> assertThat(context.getBean(User.class).work().path())
                            .isDirectory());
        });
    }

    @Test
    void ofSeveralScopesThePrimaryOnesCount() {
        runner.withUserConfiguration(OfTwoManagers.class, WithPrimaryOthers.class, Application.class)
                .run(context -> {
                    assertThat(context.getBean(Reports.class).make())
                            .doesNotExist()
                            .startsWithRaw(root.toRealPath().resolve("other"));
                    context.getBean("other", CacheScopes.class)
                            .run(() -> assertThat(
                                            context.getBean(User.class).work().path())
                                    .isDirectory());
                });
    }

    @Test
    void ofSeveralScopesNoneOfWhichIsPrimaryTheApplicationStartsAndIsToldWhatIsMissing() {
        runner.withUserConfiguration(OfTwoManagers.class, WithOthers.class, WithReports.class)
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(CacheDirectory.class);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> context.getBean(Reports.class).make())
                            .withMessageContaining("there are several: [one, other]")
                            .withMessageContaining("@Primary");
                    CacheScopes other = context.getBean("other", CacheScopes.class);
                    other.run(() -> assertThat(other.directory().path()).isDirectory());
                });
    }

    @Test
    void aProcessorOfTheApplicationWins() {
        runner.withBean(
                        "ours",
                        InCacheScopeBeanPostProcessor.class,
                        () -> new InCacheScopeBeanPostProcessor(() -> {
                            throw new AssertionError();
                        }))
                .run(context -> assertThat(context)
                        .getBeanNames(InCacheScopeBeanPostProcessor.class)
                        .containsExactly("ours"));
    }

    // ---- the directory

    @Test
    void theInjectedDirectoryIsTheInnermostScopes() {
        runner.withUserConfiguration(Application.class).run(context -> {
            Reports reports = context.getBean(Reports.class);
            context.getBean(CacheScopes.class).run(() -> {
                Path outer = reports.make();
                assertThat(outer).isDirectory();
                assertThat(reports.makeApart()).isNotEqualTo(outer).doesNotExist();
            });
        });
    }

    @Test
    void withNoScopeOpenTheInjectedDirectorySaysSo() {
        runner.run(context -> assertThatIllegalStateException()
                .isThrownBy(context.getBean(CacheDirectory.class)::path)
                .withMessageContaining("No cache scope is open")
                .withMessageContaining("@InCacheScope"));
    }

    @Test
    void aDirectoryOfTheApplicationWins() {
        runner.withUserConfiguration(WithADirectory.class)
                .run(context -> assertThat(context.getBean(CacheDirectory.class))
                        .isSameAs(context.getBean("ours"))
                        .isNotSameAs(context.getBean("monolithCacheScopeDirectory")));
    }

    @Configuration(proxyBeanMethods = false)
    static class WithADirectory {

        @Bean
        CacheDirectory ours(CacheManager manager) {
            return manager.create();
        }
    }

    // ---- beans and methods

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        Reports reports(CacheDirectory directory) {
            return new Reports(directory);
        }

        @Bean
        List<String> events() {
            return new CopyOnWriteArrayList<>();
        }

        @Bean
        @CacheScope
        Work work(CacheDirectory directory, List<String> events) {
            return new Work(directory, events);
        }

        @Bean
        User user(Work work) {
            return new User(work);
        }
    }

    interface Maker {
        Path make();
    }

    static class Reports implements Maker {

        private final CacheDirectory directory;

        Reports(CacheDirectory directory) {
            this.directory = directory;
        }

        @Override
        @InCacheScope
        public Path make() {
            return directory.path();
        }

        @InCacheScope(propagation = ScopePropagation.REQUIRES_NEW)
        public Path makeApart() {
            return directory.path();
        }
    }

    static class Work implements DisposableBean {

        private final CacheDirectory directory;
        private final List<String> events;

        Work(CacheDirectory directory, List<String> events) {
            this.directory = directory;
            this.events = events;
        }

        Path path() {
            return directory.path();
        }

        @Override
        public void destroy() {
            events.add("destroyed " + isDirectory(directory.path()));
        }
    }

    record User(Work work) {}

    @Test
    void methodsRunInScopes() {
        runner.withUserConfiguration(Application.class)
                .run(context ->
                        assertThat(context.getBean(Reports.class).make()).doesNotExist());
    }

    /** As with {@code @Async}: Boot prefers proxies of classes, and an application injects by either type. */
    @Test
    void beansAreProxiedAsBootProxies() {
        runner.withUserConfiguration(Application.class)
                .run(context -> assertThat(AopUtils.isCglibProxy(context.getBean(Maker.class)))
                        .isTrue());
        runner.withUserConfiguration(Application.class)
                .withPropertyValues("spring.aop.proxy-target-class=false")
                .run(context -> assertThat(AopUtils.isJdkDynamicProxy(context.getBean(Maker.class)))
                        .isTrue());
    }

    @Test
    void beansLiveInScopes() {
        runner.withUserConfiguration(Application.class).run(context -> {
            Work work = context.getBean(User.class).work();
            context.getBean(CacheScopes.class).run(() -> {
                Path path = work.path();
                assertThat(path).isDirectory();
                context.getBean(CacheScopes.class)
                        .run(() -> assertThat(work.path()).isNotEqualTo(path));
                assertThat(work.path()).isEqualTo(path);
            });
            assertThat((List<?>) context.getBean("events"))
                    .map(String::valueOf)
                    .containsExactly("destroyed true", "destroyed true");
        });
    }

    @Test
    void aScopeOfThatNameThatTheApplicationHasIsKept() {
        SimpleThreadScope ours = new SimpleThreadScope();
        runner.withInitializer(context -> context.getBeanFactory().registerScope(CacheBeanScope.NAME, ours))
                .run(context -> assertThat(context.getSourceApplicationContext(AnnotationConfigApplicationContext.class)
                                .getBeanFactory()
                                .getRegisteredScope(CacheBeanScope.NAME))
                        .isSameAs(ours));
    }

    @Test
    void beansOfAChildContextHaveScopesToo() {
        runner.run(parent -> runner.withParent(parent)
                .withUserConfiguration(Application.class)
                .run(child -> assertThat(child.getBean(Reports.class).make()).doesNotExist()));
    }

    // ---- threads

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
                        answer.complete(isDirectory(directory.path()));
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
                        answer.complete(scopes.isOpen() && isDirectory(directory.path()));
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
        tasksOfTheScheduler(runner, CacheScopesAutoConfigurationTests::atOnce, true);
        tasksOfTheScheduler(runner, CacheScopesAutoConfigurationTests::forATime, true);
    }

    /** Spring's scheduler for virtual threads decorates a task when its time has come, on a thread of its own. */
    @Test
    void aTaskForATimeOnVirtualThreadsHoldsTheScopeWhenWrapped() {
        assumeThat(Runtime.version().feature()).as("JDKs with virtual threads").isGreaterThanOrEqualTo(21);
        ApplicationContextRunner virtual = runner.withPropertyValues("spring.threads.virtual.enabled=true");
        tasksOfTheScheduler(virtual, CacheScopesAutoConfigurationTests::atOnce, true);
        tasksOfTheScheduler(virtual, CacheScopesAutoConfigurationTests::forATime, false);
        tasksOfTheScheduler(virtual, CacheScopesAutoConfigurationTests::wrappedForATime, true);
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
            return CompletableFuture.completedFuture(isDirectory(directory.path()) ? directory.path() : null);
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
            return Mono.fromCallable(() -> directory.path().equals(path) && isDirectory(path))
                    .subscribeOn(Schedulers.boundedElastic());
        }
    }
}
