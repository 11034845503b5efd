// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryProvider;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What an application meets whose manager keeps its references in Redis. */
@Timeout(120)
class ManagersOverRedisTests {

    private static int namespaces;

    @TempDir
    Path folder;

    private final RedisRegistrySettings settings =
            new RedisRegistrySettings("use" + ++namespaces, Duration.ofSeconds(2), Duration.ofMillis(500));
    private final Way way = new Way();
    private final List<CacheManager> managers = new ArrayList<>();
    private RedisServer server;

    @BeforeEach
    void start() {
        server = RedisServer.start(folder);
    }

    @AfterEach
    void stop() {
        way.stall(false);
        managers.forEach(CacheManager::close);
        way.close();
        server.close();
    }

    private LettuceConnectionFactory brokenWay() {
        return new LettuceConnectionFactory(
                new RedisStandaloneConfiguration("127.0.0.1", server.port()),
                way.client().build());
    }

    private LettuceConnectionFactory straightWay() {
        return new LettuceConnectionFactory("127.0.0.1", server.port());
    }

    private CacheManager manager(Clock clock, RegistryProvider registry, CacheListener... listeners) {
        var builder = CacheManager.builder()
                .root(folder.resolve("root"))
                .clock(clock)
                .sweepInterval(Duration.ZERO)
                .registry(registry);
        List.of(listeners).forEach(builder::listener);
        CacheManager manager = builder.build();
        managers.add(manager);
        return manager;
    }

    private CacheManager manager(CacheListener... listeners) {
        return manager(Clock.systemUTC(), new RedisRegistry(settings, this::brokenWay), listeners);
    }

    private CacheManager other() {
        return manager(Clock.systemUTC(), new RedisRegistry(settings, this::straightWay));
    }

    @Test
    void closingWhileRedisHangsDoesNotTakeATimeoutForEachCache() {
        CacheManager manager = manager();
        for (int i = 0; i < 30; i++) {
            CacheDirectory unused = manager.create();
        }
        way.stall(true);

        long start = System.nanoTime();
        manager.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(settings.timeout().multipliedBy(10));
    }

    @Test
    void closingReleasesHoweverManyThereAre() {
        CacheManager manager = manager();
        for (int i = 0; i < 600; i++) {
            CacheDirectory unused = manager.create();
        }

        manager.close();

        assertThat(other().list(null, 10)).isEmpty();
    }

    @Test
    void aTimedLockGoesByTheClockOfTheManager() {
        Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));
        CacheManager manager = manager(behind, new RedisRegistry(settings, this::straightWay));
        CacheDirectory cache = manager.create();

        cache.lock(Duration.ofMinutes(10));

        assertThat(cache.isLocked()).isTrue();
        cache.close();
        assertThat(manager.find(cache.id())).isPresent();
        assertThat(other().find(cache.id()).orElseThrow().locked()).isTrue();
    }

    @Test
    void anotherDatabaseTakesOneRightMore() {
        RedisStandaloneConfiguration where = new RedisStandaloneConfiguration("127.0.0.1", server.port());
        where.setUsername(RestrictedRedis.USER);
        where.setPassword(RestrictedRedis.PASSWORD);
        where.setDatabase(1);
        RegistryProvider registry = new RedisRegistry(settings, () -> new LettuceConnectionFactory(where));
        try (RedisServer.Admin admin = server.admin()) {
            RestrictedRedis.allow(admin.commands(), RestrictedRedis.keys("*"), RestrictedRedis.COMMANDS);
            assertThatExceptionOfType(CacheBackendException.class)
                    .isThrownBy(manager(Clock.systemUTC(), registry)::create)
                    .withMessageContaining("select");
            RestrictedRedis.allow(admin.commands(), RestrictedRedis.keys("*"), RestrictedRedis.COMMANDS + " +select");
        }

        assertThatNoException()
                .isThrownBy(() -> manager(Clock.systemUTC(), registry).create().close());
    }

    @Test
    void whoHoldsACacheIsNotToldThatItIsLostBecauseAnotherIs() {
        DiskHooks disk = new DiskHooks();
        CacheManager manager = manager(Clock.systemUTC(), over(disk));
        CacheManager other = other();
        CacheDirectory kept = manager.create();
        CacheDirectory evicted = manager.create();
        evicted.lock();
        disk.onceBefore("metadata", () -> other.evictForcibly(evicted.id()));

        way.breakConnections();

        assertThatNoException().isThrownBy(() -> {
            for (int i = 0; i < 2000; i++) {
                boolean unused = kept.exists("anything");
            }
        });
    }

    private RegistryProvider over(DiskHooks disk) {
        return new RegistryProvider() {
            @Override
            public String name() {
                return RedisRegistry.NAME;
            }

            @Override
            public ReferenceRegistry open(DirectoryStorage storage, Clock clock) {
                return new RedisRegistry(settings, ManagersOverRedisTests.this::brokenWay)
                        .open(disk.apply(storage), clock);
            }
        };
    }

    /** Else the lease of this process would end while a listener is busy, and everything would be lost. */
    @Test
    void whoListensSlowlyKeepsNobodyFromRenewingTheLease() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CacheManager manager = manager(listener(id -> {
            told.countDown();
            try {
                end.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }));
        CacheManager other = other();
        CacheDirectory kept = manager.create();
        CacheDirectory lost = manager.create();
        other.evictForcibly(lost.id());
        way.breakConnections();
        told.await();

        long since = System.nanoTime();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> System.nanoTime() - since
                        > settings.lease().multipliedBy(2).toNanos());
        other.sweep();

        assertThat(kept.path()).exists();
        assertThat(kept.exists("anything")).isFalse();
        end.countDown();
    }

    private static CacheListener listener(Consumer<CacheId> lost) {
        return new CacheListener() {
            @Override
            public void lost(CacheId id, URI location) {
                lost.accept(id);
            }
        };
    }
}
