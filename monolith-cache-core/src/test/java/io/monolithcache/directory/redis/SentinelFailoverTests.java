// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KillArgs;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheId;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The master dies, and its replica, which does not know the latest of it, takes its place. */
class SentinelFailoverTests extends SingleFailures {

    @RegisterExtension
    static final SentinelRedis redis = new SentinelRedis(Duration.ofMillis(700));

    private boolean over;

    @Override
    LettuceConnectionFactory connect(Way way) {
        return redis.connect(way);
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return over ? redis.replicaAdmin() : redis.admin();
    }

    @Test
    void nothingThatIsInUseIsLostWithTheWritesOfAFailover() {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId known = holder.create();
        CacheId releasedMeanwhile = holder.create();
        CacheId lockedBefore = holder.createLocked();
        CacheId unlockedMeanwhile = holder.createLocked();
        await(() -> redis.replicaAdmin().hget(keys.cache(unlockedMeanwhile), "lock") != null);

        // from here on the replica hears nothing
        redis.replica().signal("STOP");
        admin().clientKill(KillArgs.Builder.typeSlave());
        CacheId created = holder.create();
        other.registry.attach(known);
        other.registry.lock(known, null);
        CacheId shared = other.create();
        holder.registry.attach(shared);
        holder.registry.release(releasedMeanwhile);
        holder.registry.unlock(unlockedMeanwhile);
        redis.master().kill();
        redis.replica().signal("CONT");
        over = true;

        holder.awaitRecoveries(1);
        other.awaitRecoveries(1);
        assertThat(redis.replicaAdmin().exists(keys.cache(releasedMeanwhile))).isOne();
        holder.registry.sweep();
        ageEpoch();
        endFormerLeases(holder);
        endFormerLeases(other);
        holder.registry.sweep();
        other.registry.sweep();

        assertThat(holder.lost).isEmpty();
        assertThat(other.lost).isEmpty();
        assertOnlyLeft(holder, known, created, shared, lockedBefore);
        assertThat(holder.owners(known)).containsExactlyInAnyOrder(holder.name(), other.name());
        assertThat(holder.owners(created)).containsExactly(holder.name());
        assertThat(holder.owners(shared)).containsExactlyInAnyOrder(holder.name(), other.name());
        assertThat(holder.registry.find(known).orElseThrow().locked()).isTrue();
        assertThat(holder.registry.find(lockedBefore).orElseThrow().locked()).isTrue();
        holder.registry.release(created);
        holder.registry.unlock(lockedBefore);
        holder.registry.unlock(known);
        holder.registry.release(known);
        other.registry.release(known);
        other.registry.release(shared);
        holder.registry.release(shared);
        assertOnlyLeft(holder);
    }
}
