// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage.Look;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The process of Redis ends, stops, or answers with nothing but errors. Each test has one of its own. */
@Tag("long")
class RestartedRedisTests extends SingleFailures {

    @TempDir
    Path files;

    private @Nullable RedisServer server;
    private RedisServer.@Nullable Admin admin;

    private RedisServer start(String... options) {
        server = RedisServer.start(files, options);
        admin = server.admin();
        return server;
    }

    private void startAgain() {
        Objects.requireNonNull(admin).close();
        Objects.requireNonNull(server).startAgain();
        admin = server.admin();
    }

    @AfterEach
    void stop() {
        // before the owners: they end although nobody is there
        if (admin != null) {
            admin.close();
        }
        Objects.requireNonNull(server).signal("CONT");
        server.close();
    }

    @Override
    LettuceConnectionFactory connect(Way way) {
        return new LettuceConnectionFactory(
                new RedisStandaloneConfiguration(
                        "127.0.0.1", Objects.requireNonNull(server).port()),
                way.client().build());
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return Objects.requireNonNull(admin).commands();
    }

    private void outlivesARestart() {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId held = holder.create();
        CacheId locked = holder.createLocked();
        CacheId released = holder.create();
        other.registry.attach(held);
        RedisServer redis = Objects.requireNonNull(server);

        redis.kill();
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> holder.registry.release(released))
                .withMessageContaining(released.value());
        startAgain();
        holder.awaitRecoveries(1);
        other.awaitRecoveries(1);
        assertThat(other.registry.sweep().directories()).isZero();
        // what could not be told is told later
        holder.registry.release(released);
        ageEpoch();
        other.registry.sweep();

        assertOnlyLeft(holder, held, locked);
        assertThat(holder.lost).isEmpty();
        assertThat(holder.owners(held)).containsExactlyInAnyOrder(holder.name(), other.name());
        assertThat(holder.registry.find(locked).orElseThrow().locked()).isTrue();
        other.registry.release(held);
        holder.registry.release(held);
        assertThat(holder.isThere(held)).isFalse();
    }

    @Test
    void nothingIsLostWithoutPersistence() {
        start();
        outlivesARestart();
    }

    @Test
    void nothingIsLostWithPersistence() {
        start("--appendonly", "yes", "--appendfsync", "always");
        String server = admin().info("server");
        outlivesARestart();
        assertThat(admin().info("server")).isNotEqualTo(server);
    }

    @Test
    void aPauseShorterThanTheLeaseIsAPauseForEverybody() {
        RedisServer redis = start();
        TestOwner holder = owner();
        TestOwner other = owner();
        CacheId id = holder.create();
        CacheId another = other.create();

        Instant start = Instant.now();
        redis.signal("STOP");
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(holder::create);
        redis.signal("CONT");
        assertThat(Duration.between(start, Instant.now())).isLessThan(LEASE);
        untilTold(() -> holder.registry.attach(another));
        other.awaitRenewal();
        holder.registry.sweep();
        endFormerLeases(holder);
        holder.registry.sweep();

        assertOnlyLeft(holder, id, another);
        assertThat(holder.owners(another)).containsExactlyInAnyOrder(holder.name(), other.name());
        assertThat(holder.lost).isEmpty();
    }

    @Test
    void afterAPauseLongerThanTheLeaseWhoeverTellsItAgainKeepsWhatItHolds() {
        RedisServer redis = start();
        TestOwner holder = owner();
        TestOwner other = owner();
        CacheId id = holder.create();
        CacheId shared = holder.create();
        other.registry.attach(shared);

        redis.signal("STOP");
        Instant end = Instant.now().plus(LEASE.multipliedBy(3).dividedBy(2));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(holder::create);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .until(() -> Instant.now().isAfter(end));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(other.registry::requireAlive);
        redis.signal("CONT");
        // whoever comes first may be one that holds nothing, and finds no lease but its own
        TestOwner third = owner();
        untilTold(third.registry::sweep);
        holder.awaitRecoveries(1);
        other.awaitRecoveries(1);
        untilTold(other.registry::sweep);

        assertOnlyLeft(holder, id, shared);
        assertThat(holder.owners(id)).containsExactly(holder.name());
        assertThat(holder.owners(shared)).containsExactlyInAnyOrder(holder.name(), other.name());
        assertThat(holder.lost).isEmpty();
        assertThat(other.lost).isEmpty();
    }

    @Test
    void aRedisThatMayNotBeWrittenIsLikeOneThatIsNotThere() {
        start();
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();

        admin().replicaof("127.0.0.1", RedisServer.freePort());
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(holder::create)
                .withMessageContaining("READONLY");
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> holder.registry.release(id));
        assertThat(holder.registry.holds(id)).isTrue();
        assertThat(look(holder, id)).isEqualTo(Look.FREE);

        admin().replicaofNoOne();
        untilTold(() -> other.registry.attach(id));
        untilTold(() -> holder.registry.release(id));
        assertThat(other.owners(id)).containsExactly(other.name());
        other.registry.release(id);
        assertOnlyLeft(other);
    }

    @Test
    void aRedisThatStillReadsItsFilesIsLikeOneThatIsNotThere() {
        RedisServer redis = start("--appendonly", "yes", "--appendfsync", "always", "--aof-use-rdb-preamble", "no");
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();
        admin().eval("for i = 1, 100000 do redis.call('SET', 'ballast' .. i, i) end", ScriptOutputType.STATUS);

        redis.kill();
        Objects.requireNonNull(admin).close();
        // a pause for every tenth: a second at least, and an answer every 1,024 of them, soon enough for a log-in
        redis.startAgainWith("--key-load-delay", "-10");
        await(() -> {
            try {
                holder.create();
                return true;
            } catch (CacheBackendException failure) {
                return failure.getMessage().contains("LOADING");
            }
        });
        assertThat(holder.recoveries()).isZero();
        admin = redis.admin();
        holder.awaitRecoveries(1);
        untilTold(() -> other.registry.attach(id));

        assertThat(holder.owners(id)).containsExactlyInAnyOrder(holder.name(), other.name());
        assertThat(holder.lost).isEmpty();
    }
}
