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
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * One small directory: made, given its {@code meta.json}, and gone again; and one more handle on a directory that is
 * held. In bursts the figure is the caller's time, because the background work is done in the pauses; with as many
 * threads as cores and no pause it is the throughput, with that work included.
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

    /** A burst, then a pause of 5 ms that is not measured: some 3,000 directories in a second. */
    @State(Scope.Thread)
    public static class Bursts {

        private static final int LENGTH = 16;

        private int done;

        @Setup(Level.Invocation)
        public void pause() {
            if (++done % LENGTH == 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    @Benchmark
    public void byHandInBursts(Bursts bursts) throws IOException {
        byHand();
    }

    @Benchmark
    public void managedInBursts(Bursts bursts) {
        managed();
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
