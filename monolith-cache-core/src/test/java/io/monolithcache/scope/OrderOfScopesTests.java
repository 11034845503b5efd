// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** What runs inside of what, on methods with several annotations. */
class OrderOfScopesTests extends ScopesOfOneManager {

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private Work work;

    @BeforeEach
    void open() {
        context.registerBean(CacheScopes.class, () -> scopes);
        context.register(Application.class);
        context.refresh();
        work = context.getBean(Work.class);
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    @EnableCaching
    @EnableResilientMethods
    @EnableTransactionManagement
    static class Application {

        @Bean
        static InCacheScopeBeanPostProcessor processor(
                org.springframework.beans.factory.ObjectProvider<CacheScopes> scopes) {
            return new InCacheScopeBeanPostProcessor(scopes::getObject);
        }

        @Bean
        Work work(CacheScopes scopes) {
            return new Work(scopes);
        }

        @Bean
        ThreadPoolTaskExecutor executor() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setThreadNamePrefix("async-");
            executor.setWaitForTasksToCompleteOnShutdown(true);
            return executor;
        }

        @Bean
        ConcurrentMapCacheManager cacheManager() {
            return new ConcurrentMapCacheManager();
        }

        @Bean
        PlatformTransactionManager transactionManager() {
            return new AbstractPlatformTransactionManager() {
                @Override
                protected Object doGetTransaction() {
                    return "transaction";
                }

                @Override
                protected void doBegin(Object transaction, TransactionDefinition definition) {}

                @Override
                protected void doCommit(DefaultTransactionStatus status) {}

                @Override
                protected void doRollback(DefaultTransactionStatus status) {}
            };
        }
    }

    static class Work {

        private final CacheScopes scopes;
        private final List<String> events = new CopyOnWriteArrayList<>();
        private final List<Path> paths = new CopyOnWriteArrayList<>();
        private int failures;

        Work(CacheScopes scopes) {
            this.scopes = scopes;
        }

        List<String> events() {
            return events;
        }

        List<Path> paths() {
            return paths;
        }

        void failing(int times) {
            failures = times;
        }

        private Path here() {
            Path path = scopes.directory().path();
            paths.add(path);
            return path;
        }

        @Async
        @InCacheScope
        public CompletableFuture<String> async() {
            here();
            return CompletableFuture.completedFuture(Thread.currentThread().getName());
        }

        @Async
        @InCacheScope
        public void asyncWithoutResult(CompletableFuture<Boolean> there) {
            there.complete(here().toFile().isDirectory());
        }

        @InCacheScope
        @Transactional
        public Path transactional() {
            Path path = here();
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    events.add("after commit " + scopes.directory().path().equals(path));
                }

                @Override
                public void afterCompletion(int status) {
                    events.add("after completion " + path.toFile().isDirectory());
                }
            });
            return path;
        }

        @InCacheScope
        @Transactional
        public void rolledBack() {
            Path path = here();
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    events.add("after completion " + path.toFile().isDirectory());
                }
            });
            throw new IllegalArgumentException();
        }

        @InCacheScope
        @Retryable(maxRetries = 3, delay = 0)
        public Path retryable() {
            Path path = here();
            if (failures-- > 0) {
                throw new IllegalArgumentException("attempt " + path);
            }
            return path;
        }

        @InCacheScope
        @Retryable(maxRetries = 3, delay = 0)
        public Mono<Path> reactiveRetryable() {
            Path path = here();
            return failures-- > 0 ? Mono.error(new IllegalArgumentException()) : Mono.just(path);
        }

        @InCacheScope
        @Cacheable("paths")
        public String cacheable(String key) {
            return here().toString();
        }

        @Async
        @InCacheScope
        @Retryable(maxRetries = 3, delay = 0)
        @Transactional
        public CompletableFuture<Boolean> all() {
            here();
            if (failures-- > 0) {
                throw new IllegalArgumentException();
            }
            return CompletableFuture.completedFuture(TransactionSynchronizationManager.isActualTransactionActive()
                    && Thread.currentThread().getName().startsWith("async-"));
        }
    }

    @Test
    void theScopeIsInsideAsync() throws Exception {
        assertThat(work.async().get(30, TimeUnit.SECONDS)).startsWith("async-");
        assertThat(work.paths())
                .singleElement()
                .satisfies(path -> assertThat(path).doesNotExist());
    }

    @Test
    void anAsyncMethodWithoutAResultHasItsScopeUntilItReturns() throws Exception {
        CompletableFuture<Boolean> there = new CompletableFuture<>();
        work.asyncWithoutResult(there);
        assertThat(there.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theScopeIsAroundTheTransaction() {
        assertThat(work.transactional()).doesNotExist();
        assertThat(work.events()).containsExactly("after commit true", "after completion true");
    }

    @Test
    void theScopeIsAroundTheTransactionThatIsRolledBack() {
        assertThatRuntimeException().isThrownBy(work::rolledBack);
        assertThat(work.events()).containsExactly("after completion true");
        assertThat(directories()).isZero();
    }

    @Test
    void eachAttemptOfARetryHasAScopeOfItsOwn() {
        work.failing(2);
        assertThat(work.retryable()).doesNotExist();
        assertThat(work.paths()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void attemptsInAnOpenScopeShareIt() {
        work.failing(2);
        scopes.run(() -> assertThat(work.retryable()).isEqualTo(here()));
        assertThat(work.paths()).hasSize(3).containsOnly(work.paths().get(0));
    }

    @Test
    void eachAttemptOfAReactiveRetryHasAScopeOfItsOwn() {
        work.failing(2);
        assertThat(work.reactiveRetryable().block()).doesNotExist();
        assertThat(work.paths()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void aHitInTheCacheMakesNoDirectory() {
        String made = work.cacheable("key");
        List<Path> before = new ArrayList<>(work.paths());
        assertThat(work.cacheable("key")).isEqualTo(made);
        assertThat(work.paths()).isEqualTo(before).hasSize(1);
    }

    @Test
    void allOfThemTogether() throws Exception {
        work.failing(2);
        assertThat(work.all().get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(work.paths()).hasSize(3).doesNotHaveDuplicates();
        assertThat(directories()).isZero();
    }
}
