// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.DirectoryStorage;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Locks whose end nobody will see are locks without an end, and no list fails for them. */
class LockBeyondTimeTests extends SingleFailures {

    private static final Instant BEYOND = Instant.ofEpochMilli(Long.MAX_VALUE);

    @RegisterExtension
    static final StandaloneRedis redis = StandaloneRedis.bundled();

    @Override
    LettuceConnectionFactory connect(Way way) {
        return redis.connect(way);
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return redis.admin();
    }

    private static void assertLockedWithoutEnd(TestOwner owner, CacheId id) {
        assertThat(owner.registry.find(id).orElseThrow()).satisfies(standing -> {
            assertThat(standing.locked()).isTrue();
            assertThat(standing.lockedUntil()).isNull();
        });
    }

    @Test
    void oneOfThemIsListedBesideTheOthers() {
        try (Way way = new Way();
                CacheManager manager = CacheManager.builder()
                        .root(place)
                        .sweepInterval(Duration.ZERO)
                        .registry(new RedisRegistry(settings, () -> connect(way)))
                        .build()) {
            CacheDirectory free = manager.create();
            CacheDirectory locked = manager.create();
            locked.lock(Duration.ofSeconds(Long.MAX_VALUE));

            assertThat(manager.list(null, 10))
                    .extracting(CacheDescription::id, CacheDescription::locked, CacheDescription::lockedUntil)
                    .containsExactlyInAnyOrder(tuple(free.id(), false, null), tuple(locked.id(), true, null));
        }
    }

    @Test
    void aLockUntilTheEndOfTimeHasNoEnd() {
        TestOwner owner = owner();
        CacheId id = owner.create();

        owner.registry.lock(id, BEYOND);

        assertLockedWithoutEnd(owner, id);
        assertThat(DirectoryStorage.isLocked(owner.storage.metadata(id), Instant.now()))
                .isTrue();
        assertThat(DirectoryStorage.lockEnd(owner.storage.metadata(id))).isNull();
    }

    /** The last one that a script can tell from the next. */
    @Test
    void anEndThatCanBeToldIsKept() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        Instant last = Instant.ofEpochMilli(1L << 53);

        owner.registry.lock(id, last);
        owner.registry.lock(id, last.minusMillis(1));

        assertThat(owner.registry.find(id).orElseThrow().lockedUntil()).isEqualTo(last);
    }

    @Test
    void whatTheDiskSaysOfOneIsToldAgain() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        owner.storage.lock(id, BEYOND);

        admin().flushall();
        owner.awaitRecoveries(1);

        assertLockedWithoutEnd(owner, id);
    }

    /** As it may be there already. */
    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "9223372036854775807", "99999999999999999999999"})
    void anEndThatIsTooLongToBeReadIsNone(String end) {
        TestOwner owner = owner();
        CacheId id = owner.create();

        admin().hset(keys.cache(id), "lock", "stamp|" + end);

        assertLockedWithoutEnd(owner, id);
        owner.registry.lock(id, Instant.now().plusSeconds(60));
        assertLockedWithoutEnd(owner, id);
    }
}
