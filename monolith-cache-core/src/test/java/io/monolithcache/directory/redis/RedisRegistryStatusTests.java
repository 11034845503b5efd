// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.RegistryStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What the registry tells of itself, and of its lease. */
@Timeout(60)
class RedisRegistryStatusTests {

    @TempDir
    Path folder;

    @TempDir
    Path root;

    private final AtomicInteger renewals = new AtomicInteger();
    private RedisServer server;
    private CacheManager manager;

    @BeforeEach
    void start() {
        server = RedisServer.start(folder);
        RedisRegistryListener listener = new RedisRegistryListener() {
            @Override
            public void renewed() {
                renewals.incrementAndGet();
            }
        };
        manager = CacheManager.builder()
                .root(root)
                .registry(new RedisRegistry(
                        new RedisRegistrySettings("status", Duration.ofSeconds(60), Duration.ofSeconds(2)),
                        () -> new LettuceConnectionFactory("127.0.0.1", server.port()),
                        listener))
                .build();
    }

    @AfterEach
    void stop() {
        manager.close();
        server.close();
    }

    @Test
    void beforeTheFirstUseItAnswersAndHasNoLease() {
        RegistryStatus status = manager.registryStatus();

        assertThat(status.name()).isEqualTo("redis");
        assertThat(status.namespace()).isEqualTo("status");
        assertThat(status.answeredIn()).isPositive();
        assertThat(status.leaseAge()).isNull();
        assertThat(root).isEmptyDirectory();
        assertThat(renewals).hasValue(0);
    }

    @Test
    void inUseItHasALeaseOfWhichTheListenerHasHeard() {
        manager.create();

        assertThat(manager.registryStatus().leaseAge()).isBetween(Duration.ZERO, Duration.ofSeconds(60));
        assertThat(renewals).hasValue(1);
    }

    @Test
    void withoutRedisItSaysWhatToDo() {
        server.kill();

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(manager::registryStatus)
                .withMessageContaining("Redis at 127.0.0.1:" + server.port() + " cannot be reached")
                .withMessageContaining("monolith.cache.redis.*");
    }

    private CacheManager over(LettuceConnectionFactory factory) {
        return CacheManager.builder()
                .root(root)
                .registry(new RedisRegistry(RedisRegistrySettings.defaults(), () -> factory))
                .build();
    }

    private static LettuceClientConfiguration timeout(Duration timeout) {
        return LettuceClientConfiguration.builder().commandTimeout(timeout).build();
    }

    /** It may have something of its own to end. */
    @Test
    void aFactoryWithATimeThatIsShortEnoughIsUsedAndEndedItself() {
        AtomicInteger ends = new AtomicInteger();
        RedisConfiguration where = new RedisStandaloneConfiguration("127.0.0.1", server.port());
        LettuceConnectionFactory own = new LettuceConnectionFactory(where, timeout(Duration.ofSeconds(2))) {
            @Override
            public void destroy() {
                ends.incrementAndGet();
                super.destroy();
            }
        };
        try (CacheManager other = over(own)) {
            assertThat(other.registryStatus().name()).isEqualTo("redis");
            assertThat(own.isRunning()).isTrue();
        }
        assertThat(ends).hasValue(1);
    }

    @Test
    void aFactoryWithALongerTimeIsUsedWithOurs() {
        LettuceConnectionFactory own = new LettuceConnectionFactory(
                new RedisStandaloneConfiguration("127.0.0.1", server.port()), timeout(Duration.ofMinutes(1)));
        try (CacheManager other = over(own)) {
            assertThat(other.registryStatus().name()).isEqualTo("redis");
            assertThat(own.isRunning()).isFalse();
        }
    }

    /** Otherwise the default would be connected to. */
    @Test
    void aFactoryThatDoesNotSayWhereRedisIsIsRefused() {
        RedisConfiguration where = new RedisStandaloneConfiguration("127.0.0.1", server.port());
        try (CacheManager other = over(new LettuceConnectionFactory(where, timeout(Duration.ofMinutes(1))))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(other::registryStatus)
                    .withMessageContaining("of a RedisStandaloneConfiguration");
        }
    }
}
