// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.InCacheScope;
import io.monolithcache.scope.InCacheScopeBeanPostProcessor;
import io.monolithcache.scope.OpenScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A scope that nobody uses, opened in each of the ways there are: what every call pays for a directory it may need. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ScopeBenchmarks {

    private Path root;
    private CacheManager manager;
    private CacheScopes scopes;
    private AnnotationConfigApplicationContext context;
    private Work work;

    @Setup
    public void open() throws IOException {
        root = Files.createTempDirectory(Path.of(System.getProperty("benchmark.root")), "scopes");
        manager = CacheManager.builder().root(root).build();
        scopes = new CacheScopes(manager);
        context = new AnnotationConfigApplicationContext();
        context.registerBean(
                InCacheScopeBeanPostProcessor.class, () -> new InCacheScopeBeanPostProcessor(() -> scopes));
        context.registerBean(Work.class);
        context.refresh();
        work = context.getBean(Work.class);
    }

    @TearDown
    public void close() throws IOException {
        context.close();
        manager.close();
        ByHand.delete(root);
    }

    /** A bean whose methods do nothing. */
    public static class Work {

        @InCacheScope
        public String inScope() {
            return "result";
        }
    }

    /** {@code CacheScopes.run}. */
    @Benchmark
    public void runUnused() {
        scopes.run(() -> {});
    }

    /** {@code CacheScopes.open}, which also remembers where it was opened. */
    @Benchmark
    public void openUnused() {
        try (OpenScope scope = scopes.open()) {
            // nothing
        }
    }

    /** A call of a method with {@code @InCacheScope} through its proxy. */
    @Benchmark
    public String methodUnused() {
        return work.inScope();
    }
}
