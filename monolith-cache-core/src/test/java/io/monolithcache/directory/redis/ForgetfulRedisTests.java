// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Redis loses what it knew, while caches are held, locked and being made. */
class ForgetfulRedisTests extends SingleFailures {

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

    @Test
    void whatIsHeldSurvivesAnEmptiedRedis() {
        TestOwner holder = owner();
        TestOwner other = owner();
        CacheId alone = holder.create();
        CacheId shared = holder.create();
        other.registry.attach(shared);

        admin().flushall();
        other.registry.sweep();
        holder.awaitRecoveries(1);
        other.awaitRecoveries(1);
        other.registry.sweep();
        ageEpoch();
        other.registry.sweep();

        assertThat(holder.owners(alone)).containsExactly(holder.name());
        assertThat(holder.owners(shared)).containsExactlyInAnyOrder(holder.name(), other.name());
        assertThat(holder.lost).isEmpty();
        assertThat(holder.wiped).isEmpty();
        assertThat(other.wiped).isEmpty();
        holder.registry.release(shared);
        other.registry.release(shared);
        holder.registry.release(alone);
        assertOnlyLeft(holder);
    }

    @Test
    void inAYoungEpochNothingIsWipedByAnybody() {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();
        CacheId released = holder.create();
        admin().flushall();

        // the holder has not told Redis again
        assertThat(other.registry.sweep().directories()).isZero();
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> other.registry.evict(id))
                .withMessageContaining("Try again in");
        holder.awaitRecoveries(1);
        holder.registry.release(released);

        assertThat(look(holder, id)).isEqualTo(Look.FREE);
        assertThat(look(holder, released)).isEqualTo(Look.FREE);
        ageEpoch();
        other.registry.sweep();
        assertOnlyLeft(holder, id);
    }

    @Test
    void inAYoungEpochAnAttachSaysWhenToTryAgain() {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();
        holder.way.cut();
        admin().flushall();

        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> other.registry.attach(id))
                .withMessageContaining(id.value())
                .withMessageMatching("(?s).*within [1-4] s.*");

        holder.way.mend();
        holder.awaitRecoveries(1);
        other.registry.attach(id);
        assertThat(other.owners(id)).containsExactlyInAnyOrder(holder.name(), other.name());
    }

    @Test
    void locksComeBackFromTheDisk() {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        Instant end =
                Instant.ofEpochMilli(Instant.now().plus(Duration.ofHours(1)).toEpochMilli());
        CacheId held = holder.create();
        holder.registry.lock(held, end);
        CacheId locked = holder.createLocked();
        CacheId unneeded = holder.create();
        holder.registry.lock(unneeded, null);

        admin().flushall();
        holder.awaitRecoveries(1);
        other.awaitRecoveries(1);
        assertThat(holder.registry.find(held).orElseThrow().lockedUntil()).isEqualTo(end);
        holder.registry.unlock(unneeded);
        holder.registry.release(unneeded);
        holder.registry.release(held);
        ageEpoch();
        other.registry.sweep();

        assertOnlyLeft(other, held, locked);
        assertThat(other.registry.find(held).orElseThrow().lockedUntil()).isEqualTo(end);
        assertThat(other.registry.find(locked).orElseThrow().locked()).isTrue();
        assertThat(other.registry.find(locked).orElseThrow().lockedUntil()).isNull();
        assertThat(other.registry.unlock(locked)).isTrue();
    }

    @Test
    void whatNobodyNeedsIsWipedTwoLeasesLater() {
        TestOwner dying = owner();
        TestOwner survivor = livingOwner();
        CacheId orphan = dying.create();
        CacheId kept = survivor.create();
        dying.way.cut();
        admin().flushall();
        survivor.awaitRecoveries(1);

        assertThat(survivor.registry.sweep().directories()).isZero();
        await(() -> survivor.registry.sweep().directories() == 1);

        assertThat(survivor.wiped).containsExactly(orphan);
        assertOnlyLeft(survivor, kept);
        long since = Long.parseLong(admin().hget(keys.epoch(), "since"));
        assertThat(Instant.now()).isAfter(Instant.ofEpochMilli(since).plus(LEASE.multipliedBy(2)));
    }

    @Test
    void whatIsBeingMadeWhileRedisIsEmptiedStandsOrIsRefused() throws Exception {
        TestOwner maker = livingOwner();
        TestOwner other = livingOwner();
        CacheId id = CacheId.random(Instant.now());

        maker.way.holdAnswers(true);
        Future<Boolean> creation = inBackground(() -> maker.registry.create(id, Map.of()));
        await(() -> admin().exists(keys.cache(id)) == 1);
        admin().flushall();
        other.registry.sweep();
        maker.way.holdAnswers(false);

        // refused if a heartbeat heard of it before the claim, which makes the caller take another id
        boolean made = creation.get(20, TimeUnit.SECONDS);
        maker.awaitRecoveries(1);
        ageEpoch();
        other.registry.sweep();
        if (made) {
            assertThat(other.owners(id)).containsExactly(maker.name());
            assertOnlyLeft(maker, id);
        } else {
            assertOnlyLeft(maker);
        }
    }

    @Test
    void aCacheMadeInAYoungEpochIsWipedByItsLastRelease() {
        TestOwner holder = livingOwner();
        admin().flushall();
        holder.awaitRecoveries(1);

        CacheId id = holder.create();
        holder.registry.release(id);

        assertThat(look(holder, id)).isEqualTo(Look.GONE);
    }

    /** The lease is still there: only the epoch tells that something else may not be. */
    @Test
    void aHeartbeatHearsThatAReferenceMayBeForgotten() {
        TestOwner maker = owner();
        TestOwner holder = livingOwner();
        CacheId id = maker.create();
        RedisCopy before = RedisCopy.of(admin(), keys);
        holder.registry.attach(id);

        before.takeOver();
        holder.awaitRecoveries(1);

        assertThat(hash(id)).containsKey("o:" + holder.name());
        assertThat(holder.lost).isEmpty();
    }

    @Test
    void redisMayForgetTheScripts() {
        TestOwner holder = livingOwner();
        admin().scriptFlush();

        CacheId id = holder.create();
        admin().scriptFlush();
        holder.registry.lock(id, null);
        admin().scriptFlush();
        holder.awaitRenewal();
        holder.registry.unlock(id);
        holder.registry.release(id);

        assertOnlyLeft(holder);
        assertThat(holder.recoveries()).isZero();
    }

    @Test
    void aNewerFormatIsRefusedClearly() {
        TestOwner holder = owner();
        CacheId id = holder.create();
        admin().hset(keys.epoch(), "format", "2");

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(holder::create)
                .withMessageContaining("format 2")
                .withMessageContaining(settings.namespace())
                .withMessageContaining("monolith.cache.redis.namespace");
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> owner().registry.sweep());

        assertThat(look(holder, id)).isEqualTo(Look.FREE);
        admin().hset(keys.epoch(), "format", "1");
        untilTold(() -> holder.registry.release(id));
        assertThat(holder.isThere(id)).isFalse();
    }

    @Test
    void anotherLeaseIsRefusedWhileSomebodyLivesAndTakenOverAfterThat() {
        Duration longer = LEASE.multipliedBy(20);
        TestOwner brief = livingOwner();
        TestOwner patient = owner(new RedisRegistrySettings(settings.namespace(), longer, settings.timeout()));

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(patient::create)
                .withMessageContaining(
                        "the lease is " + LEASE.toMillis() + " ms, and here " + longer.toMillis() + " ms")
                .withMessageContaining("monolith.cache.redis.lease");

        brief.close();
        CacheId id = patient.create();
        assertThat(look(patient, id)).isEqualTo(Look.FREE);
        assertThat(admin().hget(keys.epoch(), "lease")).isEqualTo(String.valueOf(longer.toMillis()));
    }
}
