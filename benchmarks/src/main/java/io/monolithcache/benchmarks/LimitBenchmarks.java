// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.monolithcache.store.Content;
import io.monolithcache.store.Entry;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoreLimits;
import io.monolithcache.store.index.SqliteIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

/** Writes of 1 KiB where each evicts another entry, and reads from memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LimitBenchmarks {

    private static final int KEYS = 1_000;

    private final byte[] value = new byte[1 << 10];
    private Path root;
    private Store below;
    private Store full;
    private Store inMemory;
    private Cache<String, byte[]> caffeine;
    private long next;

    @Setup
    public void open() throws IOException {
        root = Files.createTempDirectory(Path.of(System.getProperty("benchmark.root")), "limits");
        below = Store.in(root.resolve("below")).index(SqliteIndex.FORMAT).open();
        full = Store.in(root.resolve("full"))
                .index(SqliteIndex.FORMAT)
                .limits(StoreLimits.NONE.withEntries(KEYS))
                .open();
        inMemory = Store.in(root.resolve("memory"))
                .index(SqliteIndex.FORMAT)
                .memory(64 << 20)
                .open();
        caffeine = Caffeine.newBuilder().maximumSize(10_000).build();
        for (int key = 0; key < KEYS; key++) {
            full.put("first" + key, Content.of(value));
            inMemory.put("key" + key, Content.of(value));
            inMemory.find("key" + key).ifPresent(Entry::close);
            caffeine.put("key" + key, value);
        }
    }

    @TearDown
    public void close() throws IOException {
        below.close();
        full.close();
        inMemory.close();
        ByHand.delete(root);
    }

    @Benchmark
    public void putBelowTheLimit() {
        below.put("key" + next++ % KEYS, Content.of(value));
    }

    @Benchmark
    public void putAtTheLimit() {
        full.put("key" + next++, Content.of(value));
    }

    @Benchmark
    public String decodedFromCaffeine() {
        return new String(caffeine.getIfPresent("key" + next++ % KEYS), StandardCharsets.ISO_8859_1);
    }

    @Benchmark
    public String decodedFromMemory() {
        try (Entry entry = inMemory.find("key" + next++ % KEYS).orElseThrow()) {
            return new String(entry.bytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
