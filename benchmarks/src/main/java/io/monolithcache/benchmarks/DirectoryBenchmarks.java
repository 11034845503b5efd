// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * One small directory: made, given its {@code meta.json}, and gone again; and one more handle on a directory that is
 * held. With one thread the figure is the caller's time, because the wipe has the other core; with as many threads as
 * cores it is the throughput, with the wipe's work included.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DirectoryBenchmarks {

    private final AtomicLong names = new AtomicLong();
    private Path root;
    private CacheManager manager;
    private CacheDirectory held;
    private CacheId id;

    @Setup
    public void open() throws IOException {
        root = Files.createTempDirectory(Path.of(System.getProperty("benchmark.root")), "directories");
        manager = CacheManager.builder().root(root).build();
        held = manager.create();
        id = held.id();
    }

    @TearDown
    public void close() throws IOException {
        held.close();
        manager.close();
        ByHand.delete(root);
    }

    /** mkdir, write, recursive delete. */
    @Benchmark
    public void byHand() throws IOException {
        Path directory = root.resolve("by-hand-" + names.incrementAndGet());
        ByHand.create(directory);
        ByHand.delete(directory);
    }

    @Benchmark
    public void managed() {
        manager.create().close();
    }

    @Benchmark
    @Threads(Threads.MAX)
    public void byHandAllCores() throws IOException {
        byHand();
    }

    @Benchmark
    @Threads(Threads.MAX)
    public void managedAllCores() {
        managed();
    }

    /** Attach and close of a cache that this process holds already. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public void attachHeld() {
        manager.attach(id).close();
    }
}
