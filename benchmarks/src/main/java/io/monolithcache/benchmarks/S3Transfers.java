// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.s3.S3Place;
import io.monolithcache.directory.s3.S3Storage;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/**
 * Files from S3 to the local disk: one of 1 GiB by raw sockets (as many connections and parts as the cache has), by the
 * cache, by the bare client with one request, and by the transfer manager over the CRT; and 64 of 1 MiB one after the
 * other by the bare client and by the cache.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public abstract class S3Transfers {

    private static final long LARGE = 1L << 30;
    private static final int SMALL = 1 << 20;
    private static final int FILES = 64;
    private static final int CONNECTIONS = 12;
    private static final long PART = 8L << 20;
    private static final int BUFFER = 256 * 1024;

    private final AtomicLong names = new AtomicLong();
    private Path root;
    private Process server;
    private int port;
    private S3Client client;
    private S3AsyncClient asynchronous;
    private S3TransferManager transfers;
    private CacheManager manager;
    private CacheDirectory directory;
    private Path target;
    private ExecutorService threads;

    /** Milliseconds until the first byte, and MB/s of a connection. */
    abstract List<String> behaviour();

    @Setup(Level.Trial)
    public void open() throws IOException {
        root = Files.createTempDirectory(Path.of(System.getProperty("benchmark.root")), "s3");
        Path content = root.resolve("content");
        fill(content);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ObjectServer.class.getName(),
                content.toString(),
                String.valueOf(SMALL)));
        command.addAll(behaviour());
        server = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        port = Integer.parseInt(
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8)).readLine());
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret"));
        client = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .build();
        asynchronous = S3AsyncClient.crtBuilder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .forcePathStyle(true)
                .build();
        transfers = S3TransferManager.builder().s3Client(asynchronous).build();
        manager = CacheManager.builder()
                .root(root)
                .storage(new S3Storage(() -> client, S3Place.of("s3://bucket/caches")))
                .defaultStorage("s3")
                .build();
        threads = Executors.newFixedThreadPool(CONNECTIONS);
    }

    private static void fill(Path content) throws IOException {
        byte[] bytes = new byte[BUFFER];
        new java.util.Random(1).nextBytes(bytes);
        try (FileChannel channel = FileChannel.open(content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < LARGE; at += BUFFER) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    int unused = channel.write(buffer);
                }
            }
        }
    }

    /** A new one each time: what a cache has copied once it does not copy again. */
    @Setup(Level.Invocation)
    public void begin() {
        directory = manager.create();
        target = root.resolve("target-" + names.incrementAndGet());
    }

    @TearDown(Level.Invocation)
    public void end() throws IOException {
        directory.close();
        boolean unused = Files.deleteIfExists(target);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        manager.close();
        transfers.close();
        asynchronous.close();
        client.close();
        threads.shutdown();
        server.destroy();
        ByHand.delete(root);
    }

    @Benchmark
    public void rawSockets() throws IOException, InterruptedException {
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            AtomicLong next = new AtomicLong();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(threads.submit(() -> {
                    receive(next, file);
                    return true;
                }));
            }
            for (Future<?> each : all) {
                Object unused = each.get();
            }
        } catch (ExecutionException failure) {
            throw new IOException(failure);
        }
    }

    private void receive(AtomicLong next, FileChannel file) throws IOException {
        try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
            for (long from = next.getAndAdd(PART); from < LARGE; from = next.getAndAdd(PART)) {
                String request = "GET /bucket/large HTTP/1.1\r\nHost: localhost\r\nRange: bytes=" + from + "-"
                        + (from + PART - 1) + "\r\n\r\n";
                ByteBuffer ask = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
                while (ask.hasRemaining()) {
                    int unused = socket.write(ask);
                }
                receive(socket, buffer, file, from);
            }
        }
    }

    private static void receive(SocketChannel socket, ByteBuffer buffer, FileChannel file, long from)
            throws IOException {
        buffer.clear();
        long at = from;
        boolean isHead = true;
        while (at < from + PART) {
            if (socket.read(buffer) < 0) {
                throw new EOFException();
            }
            buffer.flip();
            if (isHead) {
                String head =
                        StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString();
                int end = head.indexOf("\r\n\r\n");
                if (end < 0) {
                    buffer.position(buffer.limit()).limit(buffer.capacity());
                    continue;
                }
                buffer.position(end + 4);
                isHead = false;
            }
            while (buffer.hasRemaining()) {
                at += file.write(buffer, at);
            }
            buffer.clear();
        }
    }

    @Benchmark
    public Path managed() {
        return directory.download("large");
    }

    @Benchmark
    public Object bareClient() {
        return client.getObject(request -> request.bucket("bucket").key("large"), target);
    }

    @Benchmark
    public Object crt() {
        return transfers
                .downloadFile(download -> download.getObjectRequest(
                                request -> request.bucket("bucket").key("large"))
                        .destination(target))
                .completionFuture()
                .join();
    }

    @Benchmark
    public void managedSmall() {
        for (int i = 0; i < FILES; i++) {
            Path unused = directory.download("small-" + i);
        }
    }

    @Benchmark
    public void bareClientSmall() throws IOException {
        Path folder = Files.createDirectory(target);
        for (int i = 0; i < FILES; i++) {
            String key = "small-" + i;
            Object unused = client.getObject(request -> request.bucket("bucket").key(key), folder.resolve(key));
        }
        ByHand.delete(folder);
    }
}
