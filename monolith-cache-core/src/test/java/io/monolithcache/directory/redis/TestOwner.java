// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheOwner;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryProvider;
import io.monolithcache.directory.local.LocalBackendProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** An owner over a way of its own, with a clock that the test puts forward, and what it learned. */
final class TestOwner implements AutoCloseable, RedisRegistryListener {

    final Way way = new Way();
    final Stops stops = new Stops();
    final DirectoryStorage storage;
    final ReferenceRegistry registry;
    final List<CacheId> wiped = new CopyOnWriteArrayList<>();
    final List<CacheId> lost = new CopyOnWriteArrayList<>();
    final List<String> commands = new CopyOnWriteArrayList<>();
    private final AtomicInteger recoveries = new AtomicInteger();
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicLong ahead = new AtomicLong();
    private volatile Runnable onLook = () -> {};

    private volatile Consumer<String> onCommand = command -> {};
    private volatile Consumer<CacheId> onLoss = id -> {};

    TestOwner(Path place, RedisRegistrySettings settings, Function<Way, LettuceConnectionFactory> redis) {
        this(place, settings, redis, UnaryOperator.identity());
    }

    /** @param disk what the registry sees of the storage */
    TestOwner(
            Path place,
            RedisRegistrySettings settings,
            Function<Way, LettuceConnectionFactory> redis,
            UnaryOperator<DirectoryStorage> disk) {
        LeaseClock clock = new LeaseClock(
                settings.lease(),
                () -> {
                    onLook.run();
                    return System.nanoTime() + ahead.get();
                },
                System::nanoTime);
        RegistryProvider provider = new RegistryProvider() {
            @Override
            public String name() {
                return RedisRegistry.NAME;
            }

            @Override
            public String namespace() {
                return settings.namespace();
            }

            @Override
            public ReferenceRegistry open(DirectoryStorage of, Clock unused) {
                RedisLink link = new RedisLink(() -> redis.apply(way), settings, TestOwner.this);
                return new RedisReferenceRegistry(
                        link, settings, stops.around(disk.apply(of)), TestOwner.this, clock, Clock.systemUTC());
            }
        };
        DirectoryBackend backend = new LocalBackendProvider()
                .open(new DirectoryBackend.Settings(
                        place, null, OrphanPolicy.KEEP, false, Clock.systemUTC(), provider));
        storage = backend.storage();
        registry = backend.registry();
        registry.start(new ReferenceRegistry.Listener() {
            @Override
            public void wiped(CacheId id, DirectoryStorage.Trash trash) {
                wiped.add(id);
                trash.delete();
            }

            @Override
            public void lost(CacheId id) {
                lost.add(id);
                onLoss.accept(id);
            }
        });
    }

    @Override
    public void ran(String command, Duration time, boolean answered) {
        commands.add(command);
        onCommand.accept(command);
        stops.ran(command);
    }

    void onCommand(Consumer<String> step) {
        onCommand = step;
    }

    void onLoss(Consumer<CacheId> step) {
        onLoss = step;
    }

    @Override
    public void renewed() {
        renewals.incrementAndGet();
    }

    @Override
    public void recovered(int registered, int gone) {
        recoveries.incrementAndGet();
    }

    /** Runs each time that this owner reads its clock. */
    void onLookAtTheClock(Runnable step) {
        onLook = step;
    }

    /** From here on this owner believes that so much more time has passed. */
    void putForward(Duration time) {
        ahead.addAndGet(time.toNanos());
    }

    CacheId create() {
        CacheId id = CacheId.random(Instant.now());
        assertThat(registry.create(id, Map.of())).isTrue();
        return id;
    }

    CacheId createLocked() {
        CacheId id = create();
        registry.lock(id, null);
        registry.release(id);
        return id;
    }

    String name() {
        return Objects.requireNonNull(registry.owner());
    }

    boolean isThere(CacheId id) {
        return storage.look(id) != Look.GONE;
    }

    boolean sees(CacheId id) {
        return isThere(id) && registry.find(id).isPresent();
    }

    List<String> owners(CacheId id) {
        return registry.find(id).orElseThrow().owners().stream()
                .map(CacheOwner::name)
                .toList();
    }

    int recoveries() {
        return recoveries.get();
    }

    /** Returns once it has told again what it holds, for that many times. */
    void awaitRecoveries(int number) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> recoveries.get() >= number);
    }

    /** Returns once it has learned that it lost these. */
    void awaitLost(CacheId... ids) {
        awaitRecoveries(1);
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(lost).containsExactlyInAnyOrder(ids));
    }

    /** Returns after its next heartbeat. */
    void awaitRenewal() {
        int seen = renewals.get();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> renewals.get() > seen);
    }

    @Override
    public void close() {
        stops.letAllGo();
        registry.close();
        storage.close();
        way.close();
    }
}
