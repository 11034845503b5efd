// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A directory with 10,000 files: what its end costs the caller. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FullDirectoryBenchmarks {

    private static final int FILES = 10_000;

    private Path root;
    private CacheManager manager;
    private CacheDirectory managed;
    private Path byHand;

    @Setup(Level.Trial)
    public void open() throws IOException {
        root = Files.createTempDirectory(Path.of(System.getProperty("benchmark.root")), "full");
        manager = CacheManager.builder().root(root).build();
    }

    @Setup(Level.Invocation)
    public void fill() throws IOException {
        managed = manager.create();
        byHand = Files.createDirectory(root.resolve("by-hand"));
        for (int i = 0; i < FILES; i++) {
            ByHand.write(managed.path().resolve("file-" + i));
            ByHand.write(byHand.resolve("file-" + i));
        }
    }

    @TearDown(Level.Invocation)
    public void empty() throws IOException {
        managed.close();
        if (Files.exists(byHand)) {
            ByHand.delete(byHand);
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        manager.close();
        ByHand.delete(root);
    }

    @Benchmark
    public void byHandDelete() throws IOException {
        ByHand.delete(byHand);
    }

    @Benchmark
    public void managedClose() {
        managed.close();
    }
}
