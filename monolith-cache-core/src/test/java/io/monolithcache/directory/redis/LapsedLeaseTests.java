// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.DirectoryStorage.Look;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** An owner is cut off, or stands still, for longer than its lease. */
class LapsedLeaseTests extends SingleFailures {

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

    /** It has been cut off for a lease, by its own clock and by that of Redis. */
    private void cutOff(TestOwner owner) {
        String name = owner.name();
        owner.way.cut();
        owner.putForward(LEASE);
        endLease(name);
    }

    @Test
    void theOthersWipeWhatItAloneHeldAndItKeepsTheRest() {
        TestOwner lost = owner();
        TestOwner survivor = owner();
        CacheId alone = lost.create();
        CacheId shared = lost.create();
        CacheId locked = lost.create();
        lost.registry.lock(locked, null);
        survivor.registry.attach(shared);
        String before = lost.name();

        cutOff(lost);
        assertThat(survivor.registry.sweep().directories()).isOne();
        assertThat(survivor.wiped).containsExactly(alone);
        assertThat(survivor.owners(shared)).containsExactly(survivor.name());
        assertThat(survivor.owners(locked)).isEmpty();
        lost.way.mend();
        lost.awaitLost(alone);

        assertThat(lost.name()).isNotEqualTo(before);
        assertThat(lost.registry.holds(alone)).isFalse();
        assertThatExceptionOfType(CacheLostException.class)
                .isThrownBy(() -> lost.registry.release(alone))
                .withMessageContaining(alone.value());
        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> lost.registry.release(alone));
        assertThat(survivor.owners(shared)).containsExactlyInAnyOrder(survivor.name(), lost.name());
        assertThat(survivor.owners(locked)).containsExactly(lost.name());
        survivor.registry.release(shared);
        assertThat(lost.sees(shared)).isTrue();
    }

    @Test
    void aNameThatHasLapsedNeverComesBack() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        String before = owner.name();

        endLease(before);
        owner.awaitRecoveries(1);

        assertThat(admin().exists(keys.owner(before))).isZero();
        assertThat(owner.owners(id)).containsExactly(owner.name());
        assertThat(hash(id)).doesNotContainKey("o:" + before);
    }

    @Test
    void whileItMayBeTakenForDeadNothingIsDoneInItsName() {
        TestOwner owner = owner();
        TestOwner other = livingOwner();
        CacheId id = owner.create();

        cutOff(owner);

        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(owner.registry::requireAlive);
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(owner::create);
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> owner.registry.release(id));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> owner.registry.lock(id, null));
        other.registry.sweep();
        assertThat(look(owner, id)).isEqualTo(Look.GONE);
        owner.way.mend();
        owner.awaitLost(id);
    }

    @Test
    void aProcessThatStoodStillAsksBeforeItDoesAnything() {
        TestOwner owner = owner();
        TestOwner other = livingOwner();
        CacheId lost = owner.create();
        CacheId kept = owner.create();
        other.registry.attach(kept);
        String before = owner.name();

        // nothing of it runs meanwhile, and the others clean up
        owner.putForward(LEASE);
        endLease(before);
        other.registry.sweep();

        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> owner.registry.release(lost));
        assertThat(owner.lost).containsExactly(lost);
        owner.registry.release(kept);
        assertThat(other.owners(kept)).containsExactly(other.name());
        owner.registry.release(owner.create());
        assertOnlyLeft(other, kept);
    }

    /** Nobody has taken it for dead: it has lost nothing. */
    @Test
    void whoComesBackBeforeAnybodySweptKeepsEverything() {
        TestOwner owner = owner();
        TestOwner other = livingOwner();
        CacheId id = owner.create();

        cutOff(owner);
        owner.way.mend();
        owner.awaitRecoveries(1);
        other.registry.sweep();

        assertThat(owner.lost).isEmpty();
        assertThat(other.owners(id)).containsExactly(owner.name());
        assertThat(other.wiped).isEmpty();
    }

    @Test
    void aWipeThatHadBegunIsALossForWhoWasSilent() {
        TestOwner owner = owner();
        TestOwner other = livingOwner();
        CacheId marked = owner.create();
        CacheId decided = owner.create();

        cutOff(owner);
        // somebody decided to wipe both, and died; one after it had put the mark
        admin().hset(keys.cache(marked), Map.of("phase", "wiping"));
        admin().hset(keys.cache(decided), Map.of("phase", "wiping"));
        owner.storage.mark(marked, "wiper");
        owner.way.mend();
        owner.awaitLost(marked, decided);

        other.registry.sweep();
        endFormerLeases(owner);
        other.registry.sweep();
        assertOnlyLeft(other);
    }

    @Test
    void aWipeThatHadBegunIsTurnedBackByWhoWasNeverSilent() {
        TestOwner owner = owner();
        TestOwner other = livingOwner();
        CacheId id = owner.create();

        admin().hset(keys.cache(id), Map.of("phase", "wiping"));
        owner.storage.mark(id, "wiper");
        owner.way.breakConnections();
        owner.awaitRecoveries(1);
        other.registry.sweep();

        assertThat(owner.lost).isEmpty();
        assertThat(look(owner, id)).isEqualTo(Look.FREE);
        other.registry.attach(id);
        assertThat(other.owners(id)).containsExactlyInAnyOrder(owner.name(), other.name());
    }

    @Test
    void aReleaseThatCouldNotBeToldIsToldLater() {
        TestOwner owner = owner();
        TestOwner other = livingOwner();
        CacheId id = owner.create();
        other.registry.attach(id);

        owner.way.cut();
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> owner.registry.release(id))
                .withMessageContaining(id.value());
        other.registry.sweep();
        assertThat(other.owners(id)).contains(other.name());
        owner.way.mend();
        untilTold(() -> owner.registry.release(id));

        assertThat(other.owners(id)).containsExactly(other.name());
        other.registry.release(id);
        assertOnlyLeft(other);
        assertThat(owner.lost).isEmpty();
    }
}
