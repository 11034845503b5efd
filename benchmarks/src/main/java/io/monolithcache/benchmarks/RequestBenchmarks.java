// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.web.CacheRequestFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
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
import org.openjdk.jmh.infra.Blackhole;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** A request that asks for no directory: what the filter costs all those that have nothing to do with us. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBenchmarks {

    private Path root;
    private CacheManager manager;
    private CacheRequestFilter filter;
    private MockHttpServletRequest request;
    private MockHttpServletResponse response;
    private FilterChain chain;

    @Setup
    public void open(Blackhole blackhole) throws IOException {
        root = Files.createTempDirectory(Path.of(System.getProperty("benchmark.root")), "requests");
        manager = CacheManager.builder().root(root).build();
        filter = new CacheRequestFilter(new CacheScopes(manager));
        request = new MockHttpServletRequest("GET", "/");
        response = new MockHttpServletResponse();
        chain = (given, answer) -> blackhole.consume(given);
    }

    @TearDown
    public void close() throws IOException {
        manager.close();
        ByHand.delete(root);
    }

    @Benchmark
    public void withoutFilter() throws IOException, ServletException {
        chain.doFilter(request, response);
        request.clearAttributes();
    }

    @Benchmark
    public void requestUnused() throws IOException, ServletException {
        filter.doFilter(request, response, chain);
        request.clearAttributes();
    }
}
