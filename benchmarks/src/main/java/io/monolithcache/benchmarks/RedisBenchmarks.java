// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.redis.RedisRegistry;
import io.monolithcache.directory.redis.RedisRegistrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.redisson.Redisson;
import org.redisson.api.RAtomicLong;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * One small directory with a reference in Redis: made and gone again, against the same by hand with a round trip for
 * each, one after the other, and against a lock and a counter of Redisson. Needs {@code redis-server} on the path.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RedisBenchmarks {

    private final AtomicLong names = new AtomicLong();
    private Path root;
    private Process server;
    private RedisClient client;
    private StatefulRedisConnection<String, String> connection;
    private RedissonClient redisson;
    private CacheManager manager;
    private CacheDirectory held;
    private CacheId id;

    @Setup
    public void open() throws IOException {
        root = Files.createTempDirectory(Path.of(System.getProperty("benchmark.root")), "redis");
        int port = freePort();
        server = new ProcessBuilder("redis-server", "--bind", "127.0.0.1", "--port", String.valueOf(port), "--save", "")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        client = RedisClient.create(RedisURI.create("127.0.0.1", port));
        connection = connect();
        Config config = new Config();
        config.useSingleServer().setAddress("redis://127.0.0.1:" + port);
        redisson = Redisson.create(config);
        manager = CacheManager.builder()
                .root(root)
                .registry(new RedisRegistry(
                        RedisRegistrySettings.defaults(), () -> new LettuceConnectionFactory("127.0.0.1", port)))
                .build();
        held = manager.create();
        id = held.id();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private StatefulRedisConnection<String, String> connect() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                return client.connect();
            } catch (RuntimeException notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
            }
        }
    }

    @TearDown
    public void close() throws IOException {
        held.close();
        manager.close();
        redisson.shutdown();
        connection.close();
        client.shutdown();
        server.destroy();
        ByHand.delete(root);
    }

    /** mkdir, write, a round trip; a round trip, recursive delete. */
    @Benchmark
    public void byHandInBursts(DirectoryBenchmarks.Bursts bursts) throws IOException {
        String name = "by-hand-" + names.incrementAndGet();
        RedisCommands<String, String> commands = connection.sync();
        ByHand.create(root.resolve(name));
        commands.set(name, "1");
        commands.del(name);
        ByHand.delete(root.resolve(name));
    }

    @Benchmark
    public void managedInBursts(DirectoryBenchmarks.Bursts bursts) {
        manager.create().close();
    }

    /** What a hand-rolled reference count does: the counter changes under a lock. */
    @Benchmark
    public void redissonInBursts(DirectoryBenchmarks.Bursts bursts) throws IOException {
        String name = "redisson-" + names.incrementAndGet();
        RLock lock = redisson.getLock(name + ".lock");
        RAtomicLong count = redisson.getAtomicLong(name);
        lock.lock();
        try {
            ByHand.create(root.resolve(name));
            count.incrementAndGet();
        } finally {
            lock.unlock();
        }
        lock.lock();
        try {
            if (count.decrementAndGet() == 0) {
                count.delete();
                ByHand.delete(root.resolve(name));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Attach and close of a cache that this process holds already. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public void attachHeld() {
        manager.attach(id).close();
    }
}
