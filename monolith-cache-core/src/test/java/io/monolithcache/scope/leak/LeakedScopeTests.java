// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.LogWatch;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.InCacheScope;
import io.monolithcache.scope.InCacheScopeBeanPostProcessor;
import io.monolithcache.scope.OpenScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** What was opened and never closed is reported with the place that opened it. */
class LeakedScopeTests {

    @TempDir
    Path root;

    private CacheManager manager;
    private CacheScopes scopes;
    private LogWatch log;

    @BeforeEach
    void open() {
        manager = CacheManager.builder().root(root).build();
        scopes = new CacheScopes(manager);
        log = new LogWatch();
    }

    @AfterEach
    void close() {
        log.close();
        manager.close();
    }

    private void awaitReport(String... texts) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            System.gc();
            assertThat(log.warnings())
                    .anySatisfy(warning -> assertThat(warning)
                            .contains("A cache scope that was")
                            .contains("was never closed")
                            .contains(texts));
        });
    }

    /** On a thread of its own, which would go on seeing the scope. */
    private static void onAnotherThread(Runnable task) throws InterruptedException {
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
    }

    private void openAndForget() {
        scopes.open();
    }

    @Test
    void anOpenScopeThatIsForgotten() throws Exception {
        onAnotherThread(this::openAndForget);
        awaitReport("opened at", "LeakedScopeTests.openAndForget(LeakedScopeTests.java:");
    }

    private void holdAndForget(OpenScope scope) {
        scope.hold();
    }

    @Test
    void aHoldThatIsForgotten() {
        try (OpenScope scope = scopes.begin()) {
            holdAndForget(scope);
        }
        awaitReport("held at", "LeakedScopeTests.holdAndForget(LeakedScopeTests.java:");
    }

    private void forgetFuture(Work work) {
        CompletableFuture<String> unused = work.future();
    }

    @Test
    void aResultThatNeverComesIsReportedWithWhoAskedForIt() {
        Work work = proxy();
        forgetFuture(work);
        awaitReport("held by a result at", "LeakedScopeTests.forgetFuture(LeakedScopeTests.java:");
    }

    private void forgetStream(Work work) {
        Stream<String> unused = work.stream();
    }

    @Test
    void aStreamThatNobodyClosesIsReportedWithWhoAskedForIt() {
        Work work = proxy();
        forgetStream(work);
        awaitReport("held by a result at", "LeakedScopeTests.forgetStream(LeakedScopeTests.java:");
    }

    @Test
    void whatIsClosedIsNotReported() throws Exception {
        onAnotherThread(() -> scopes.open().close());
        CompletableFuture<String> future = scopes.call(CompletableFuture::new);
        future.complete("done");
        onAnotherThread(this::openAndForget);
        awaitReport("openAndForget");
        assertThat(log.warnings()).noneMatch(warning -> warning.contains("whatIsClosedIsNotReported"));
    }

    private Work proxy() {
        InCacheScopeBeanPostProcessor processor = new InCacheScopeBeanPostProcessor(() -> scopes);
        processor.setProxyTargetClass(true);
        processor.setBeanFactory(new DefaultListableBeanFactory());
        return (Work) processor.postProcessAfterInitialization(new Work(), "work");
    }

    static class Work {

        @InCacheScope
        CompletableFuture<String> future() {
            return new CompletableFuture<>();
        }

        @InCacheScope
        Stream<String> stream() {
            return Stream.of("element");
        }
    }
}
