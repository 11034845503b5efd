// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryProvider;
import io.monolithcache.directory.local.LocalBackendProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What chaos found: an owner around the end of its lease, and when Redis has forgotten it. */
@Timeout(60)
class RedisOwnerTests {

    private static final RedisRegistrySettings SETTINGS =
            new RedisRegistrySettings("owner", Duration.ofSeconds(30), Duration.ofSeconds(2));
    private static final RedisKeys KEYS = new RedisKeys(SETTINGS.namespace());

    @TempDir
    Path folder;

    private final AtomicLong clock = new AtomicLong();
    private final ConcurrentLinkedQueue<CacheId> lost = new ConcurrentLinkedQueue<>();
    private final List<ReferenceRegistry> open = new ArrayList<>();
    private Consumer<String> command = name -> {};
    private RedisServer server;
    private RedisServer.Admin admin;
    private TcpProxy proxy;

    @BeforeEach
    void start() {
        server = RedisServer.start(folder);
        admin = server.admin();
        proxy = new TcpProxy(server.port());
    }

    @AfterEach
    void stop() {
        open.forEach(ReferenceRegistry::close);
        proxy.close();
        admin.close();
        server.close();
    }

    private final class Provider implements RegistryProvider {

        @Override
        public String name() {
            return RedisRegistry.NAME;
        }

        @Override
        public String namespace() {
            return SETTINGS.namespace();
        }

        @Override
        public ReferenceRegistry open(DirectoryStorage storage, Clock ignored) {
            RedisRegistryListener listener = new RedisRegistryListener() {
                @Override
                public void ran(String name, Duration time, boolean answered) {
                    command.accept(name);
                }
            };
            RedisLink link =
                    new RedisLink(() -> new LettuceConnectionFactory("127.0.0.1", proxy.port()), SETTINGS, listener);
            return new RedisReferenceRegistry(
                    link,
                    SETTINGS,
                    storage,
                    listener,
                    new LeaseClock(SETTINGS.lease(), clock::get, clock::get),
                    Clock.systemUTC());
        }
    }

    private ReferenceRegistry registry() {
        ReferenceRegistry registry = new LocalBackendProvider()
                .open(new DirectoryBackend.Settings(
                        folder.resolve("root"), null, OrphanPolicy.KEEP, false, Clock.systemUTC(), new Provider()))
                .registry();
        boolean unused = registry.start(new ReferenceRegistry.Listener() {
            @Override
            public void wiped(CacheId id, DirectoryStorage.Trash trash) {
                trash.delete();
            }

            @Override
            public void lost(CacheId id) {
                lost.add(id);
            }
        });
        open.add(registry);
        return registry;
    }

    private CacheId create(ReferenceRegistry registry) {
        CacheId id = CacheId.random(Instant.now());
        assertThat(registry.create(id, Map.of())).isTrue();
        return id;
    }

    private Path base() {
        return folder.resolve("root/monolith-cache");
    }

    private List<String> prepared() throws Exception {
        Path prepared = base().resolve(".monolith/prepared");
        if (!Files.isDirectory(prepared)) {
            return List.of();
        }
        try (var names = Files.list(prepared)) {
            return names.map(name -> name.getFileName().toString()).toList();
        }
    }

    private void pass(double leases) {
        clock.addAndGet((long) (SETTINGS.lease().toNanos() * leases));
    }

    /** As others see it whose sweep finds no lease. */
    private void endLease(ReferenceRegistry registry) {
        String name = Objects.requireNonNull(registry.owner());
        admin.commands().del(KEYS.owner(name), KEYS.owner(name.substring(0, name.lastIndexOf('.'))));
    }

    @Test
    void folderOfAnOwnerIsNotThereBeforeItsLease() throws Exception {
        List<String> before = new ArrayList<>();
        command = name -> {
            if (name.equals("lease")) {
                try {
                    before.addAll(prepared());
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            }
        };
        CacheId unused = create(registry());
        assertThat(before).isEmpty();
        assertThat(prepared()).hasSize(1);
    }

    @Test
    void ownerWhoseLeaseHadLapsedPreparesInAnotherFolder() throws Exception {
        ReferenceRegistry registry = registry();
        CacheId unused = create(registry);
        List<String> before = prepared();

        pass(2);
        registry.requireAlive();

        List<String> after = new ArrayList<>(prepared());
        after.removeAll(before);
        assertThat(after).hasSize(1);
        assertThat(admin.commands().exists(KEYS.owner(after.get(0)))).isOne();
    }

    @Test
    void leaseThatEndsBeforeTheNextOneBeganHasLapsed() throws Exception {
        ReferenceRegistry registry = registry();
        CacheId id = create(registry);
        admin.commands().hset(KEYS.cache(id), "phase", "wiping");
        Files.createFile(base().resolve("caches").resolve(id.value()).resolve(".wiping"));

        pass(0.6);
        proxy.breakConnections();
        endLease(registry);
        command = name -> {
            if (name.equals("lease")) {
                pass(0.6);
                command = next -> {};
            }
        };
        await().ignoreExceptions().until(() -> {
            registry.requireAlive();
            return !lost.isEmpty();
        });

        assertThat(lost).containsExactly(id);
        assertThat(admin.commands().hget(KEYS.cache(id), "phase")).isEqualTo("wiping");
    }

    @Test
    void releaseIsNoLossWhenRedisHasForgottenTheCache() {
        ReferenceRegistry registry = registry();
        CacheId id = create(registry);
        admin.commands().flushall();

        assertThatNoException().isThrownBy(() -> registry.release(id));
        assertThat(base().resolve("caches").resolve(id.value())).isDirectory();
    }

    @Test
    void releaseIsALossWhenSomebodyElseHasWipedTheCache() {
        ReferenceRegistry registry = registry();
        CacheId id = create(registry);
        admin.commands().del(KEYS.cache(id));

        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> registry.release(id));
    }

    @Test
    void endOfALockIsForgottenWithItsCache() {
        ReferenceRegistry registry = registry();
        CacheId id = create(registry);
        registry.lock(id, Instant.now().plusSeconds(3_600));
        String due = admin.commands().keys("{owner}:due:*").get(0);
        assertThat(admin.commands().zrange(due, 0, -1)).contains(id.value());

        assertThat(registry.unlock(id)).isFalse();
        registry.release(id);

        assertThat(admin.commands().zrange(due, 0, -1)).doesNotContain(id.value());
    }

    @Test
    void lockedCacheThatRedisHasForgottenIsEvicted() {
        ReferenceRegistry registry = registry();
        CacheId id = create(registry);
        registry.lock(id, null);
        registry.release(id);
        admin.commands().flushall();
        registry.requireAlive();
        assertThat(registry.find(id)).isEmpty();
        admin.commands().hset(KEYS.epoch(), "since", "0");

        registry.evict(id);

        assertThat(base().resolve("caches").resolve(id.value())).doesNotExist();
    }

    @Test
    void referenceForTheTimeOfAnUnlockIsGivenBackLater() {
        RedisRegistryListener cutAfterUnlock = new RedisRegistryListener() {
            @Override
            public void ran(String name, Duration time, boolean answered) {
                if (name.equals("unlock")) {
                    proxy.cut();
                }
            }
        };
        try (CacheManager holder = manager(server.port(), new RedisRegistryListener() {});
                CacheManager other = manager(proxy.port(), cutAfterUnlock)) {
            CacheDirectory held = holder.create(CacheOptions.defaults().locked());
            assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> other.unlock(held.id()));

            proxy.mend();
            assertThat(other.sweep().skipped()).isNull();
            Path directory = held.path();
            held.close();

            await().until(() -> Files.notExists(directory));
        }
    }

    private CacheManager manager(int port, RedisRegistryListener listener) {
        return CacheManager.builder()
                .root(folder.resolve("root"))
                .sweepInterval(Duration.ZERO)
                .registry(new RedisRegistry(SETTINGS, () -> new LettuceConnectionFactory("127.0.0.1", port), listener))
                .build();
    }
}
