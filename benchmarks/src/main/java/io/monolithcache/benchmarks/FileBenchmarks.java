// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import io.monolithcache.store.LinkMode;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoredFile;
import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.SqliteIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Files that are named by their content: new ones, against one thread that hashes while it copies and renames at the
 * end; and where known ones are.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FileBenchmarks {

    private static final int SMALL = 1 << 10;
    private static final int LARGE = 256 << 20;
    private static final int CHUNK = 128 * 1024;

    private Path root;
    private Store store;
    private Path small;
    private Path large;
    private EntryHash known;
    private long next;

    @Setup
    public void open() throws IOException {
        root = Files.createTempDirectory(Path.of(System.getProperty("benchmark.root")), "files");
        Files.createDirectory(root.resolve("hand"));
        store = Store.in(root.resolve("store")).index(SqliteIndex.FORMAT).open();
        byte[] bytes = new byte[LARGE];
        new Random(1).nextBytes(bytes);
        large = Files.write(root.resolve("large"), bytes);
        small = root.resolve("small");
        known = store.files()
                .add(Files.write(root.resolve("known"), new byte[SMALL]), LinkMode.COPY)
                .hash();
        try (StoredFile verified = store.files().open(known).orElseThrow()) {
            // for the first time
        }
    }

    @TearDown
    public void close() throws IOException {
        store.close();
        ByHand.delete(root);
    }

    private Path fresh() throws IOException {
        return Files.writeString(small, "x".repeat(SMALL - 20) + next++);
    }

    private void byHand(Path source) throws IOException {
        MessageDigest digest = EntryHash.sha256();
        Path temporary = root.resolve("hand/new");
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(source);
                FileChannel out =
                        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                digest.update(chunk, 0, count);
                out.write(ByteBuffer.wrap(chunk, 0, count));
            }
        }
        Files.move(
                temporary,
                root.resolve("hand").resolve(EntryHash.of(digest.digest()).toString()),
                StandardCopyOption.ATOMIC_MOVE);
    }

    @Benchmark
    public void addSmallByHand() throws IOException {
        byHand(fresh());
    }

    @Benchmark
    public void addSmall() throws IOException {
        store.files().add(fresh(), LinkMode.COPY);
    }

    @Benchmark
    public void addLargeByHand() throws IOException {
        byHand(large);
    }

    @Benchmark
    public void addLarge() {
        store.files().remove(store.files().add(large, LinkMode.COPY).hash());
    }

    @Benchmark
    public boolean exists() {
        return Files.exists(root.resolve("known"));
    }

    @Benchmark
    public Path pathOfKnown() {
        return store.files().path(known).orElseThrow();
    }

    @Benchmark
    public long openKnown() {
        try (StoredFile file = store.files().open(known).orElseThrow()) {
            return file.length();
        }
    }
}
