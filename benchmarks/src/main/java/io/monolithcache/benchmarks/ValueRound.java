// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import com.jakewharton.disklrucache.DiskLruCache;
import io.monolithcache.store.Content;
import io.monolithcache.store.Entry;
import io.monolithcache.store.Store;
import io.monolithcache.store.index.SqliteIndex;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ehcache.PersistentCacheManager;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.CacheManagerBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.MemoryUnit;
import org.ehcache.impl.config.persistence.CacheManagerPersistenceConfiguration;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Values of one size, written and read in turns over the same keys: by hand, that is one file each, written beside and
 * renamed; by the store; and by its peers. MVStore commits each write, because it loses it otherwise when it is killed;
 * Ehcache loses all of them then.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class ValueRound {

    private final int keys;
    private final byte[] value;
    private Path root;
    private int next;

    private Store store;
    private DiskLruCache diskLruCache;
    private PersistentCacheManager ehcacheManager;
    private org.ehcache.Cache<String, byte[]> ehcache;
    private MVStore mvStore;
    private MVMap<String, byte[]> mvMap;

    ValueRound(int size, int keys) {
        this.keys = keys;
        this.value = new byte[size];
        new Random(size).nextBytes(value);
    }

    @Setup
    public void open() throws IOException {
        root = Files.createTempDirectory(Path.of(System.getProperty("benchmark.root")), "values");
        Files.createDirectory(root.resolve("hand"));
        store = Store.in(root.resolve("store")).index(SqliteIndex.FORMAT).open();
        diskLruCache = DiskLruCache.open(root.resolve("lru").toFile(), 1, 1, Long.MAX_VALUE);
        long room = 2L * keys * value.length + (64 << 20);
        ehcacheManager = CacheManagerBuilder.newCacheManagerBuilder()
                .with(new CacheManagerPersistenceConfiguration(
                        root.resolve("ehcache").toFile()))
                .withCache(
                        "values",
                        CacheConfigurationBuilder.newCacheConfigurationBuilder(
                                String.class,
                                byte[].class,
                                ResourcePoolsBuilder.newResourcePoolsBuilder().disk(room, MemoryUnit.B, true)))
                .build(true);
        ehcache = ehcacheManager.getCache("values", String.class, byte[].class);
        mvStore = new MVStore.Builder()
                .fileName(root.resolve("mv").toString())
                .autoCommitDisabled()
                .open();
        mvMap = mvStore.openMap("values");
        fill(this::writeByHand);
        fill(this::writeToStore);
        fill(this::writeToDiskLruCache);
        fill(this::writeToEhcache);
        fill(this::writeToMvStore);
    }

    private interface Write {
        void run() throws IOException;
    }

    private void fill(Write write) throws IOException {
        for (int key = 0; key < keys; key++) {
            write.run();
        }
    }

    @TearDown
    public void close() throws IOException {
        store.close();
        diskLruCache.close();
        ehcacheManager.close();
        mvStore.close();
        ByHand.delete(root);
    }

    private String key() {
        next = (next + 1) % keys;
        return "key" + next;
    }

    private Path byHand(String key) {
        return root.resolve("hand").resolve(key);
    }

    @Benchmark
    public void writeByHand() throws IOException {
        String key = key();
        Path temporary = byHand(key + ".new");
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(value);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        Files.move(temporary, byHand(key), StandardCopyOption.ATOMIC_MOVE);
    }

    @Benchmark
    public void writeToStore() {
        store.put(key(), Content.of(value));
    }

    @Benchmark
    public void writeToDiskLruCache() throws IOException {
        DiskLruCache.Editor editor = diskLruCache.edit(key());
        try (OutputStream out = editor.newOutputStream(0)) {
            out.write(value);
        }
        editor.commit();
    }

    @Benchmark
    public void writeToEhcache() {
        ehcache.put(key(), value);
    }

    @Benchmark
    public void writeToMvStore() {
        mvMap.put(key(), value.clone());
        mvStore.commit();
    }

    @Benchmark
    public byte[] readByHand() throws IOException {
        try (FileChannel channel = FileChannel.open(byHand(key()), StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // the rest
            }
            return bytes.array();
        }
    }

    @Benchmark
    public byte[] readFromStore() {
        try (Entry entry = store.find(key()).orElseThrow()) {
            return entry.bytes();
        }
    }

    @Benchmark
    public byte[] readFromDiskLruCache() throws IOException {
        try (DiskLruCache.Snapshot snapshot = diskLruCache.get(key());
                InputStream in = snapshot.getInputStream(0)) {
            return in.readNBytes((int) snapshot.getLength(0));
        }
    }

    @Benchmark
    public byte[] readFromEhcache() {
        return ehcache.get(key());
    }

    @Benchmark
    public byte[] readFromMvStore() {
        return Objects.requireNonNull(mvMap.get(key()));
    }
}
