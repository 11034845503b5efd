// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.SweepReport;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * One owner stands still between two of its steps, and something else comes by. Each of these is what the model of the
 * protocol shows to go wrong when one rule is left out. Heartbeats are so far apart that none comes in between: nothing
 * happens but what the test does.
 */
abstract class StepByStep extends SingleFailures {

    @RegisterExtension
    static final StandaloneRedis redis = StandaloneRedis.bundled();

    StepByStep() {
        super(Duration.ofMinutes(1));
    }

    @Override
    final LettuceConnectionFactory connect(Way way) {
        return redis.connect(way);
    }

    @Override
    final RedisClusterCommands<String, String> admin() {
        return redis.admin();
    }

    /** It has stood still for a lease, by its own clock and by that of Redis. */
    final void fallSilent(TestOwner owner) {
        endLease(owner.name());
        owner.putForward(settings.lease());
    }

    /** Its connection breaks, and it tells Redis again what it holds, although it was never silent. */
    final void reconnect(TestOwner owner) {
        int before = owner.recoveries();
        owner.way.breakConnections();
        await(() -> {
            try {
                owner.registry.requireAlive();
            } catch (CacheBackendException notYet) {
                return false;
            }
            return owner.recoveries() > before;
        });
    }

    final RedisCopy copy() {
        return RedisCopy.of(admin(), keys);
    }

    /** A failover to a copy. The first who asks notices; those who hold something have not asked yet. */
    final void failOver(RedisCopy copy, TestOwner first) {
        copy.takeOver();
        first.registry.status();
    }

    final Future<SweepReport> sweepInBackground(TestOwner owner) {
        return inBackground(owner.registry::sweep);
    }

    static <T> T resultOf(Future<T> step) throws Exception {
        return step.get(30, TimeUnit.SECONDS);
    }

    final void awaitReleased(CacheId id, String incarnation) {
        await(() -> !hash(id).containsKey("o:" + incarnation));
    }

    /** It was told nothing else, the directory is there, and Redis knows it. */
    final void assertHolds(TestOwner owner, CacheId id) {
        assertThat(owner.lost).isEmpty();
        assertThat(owner.registry.holds(id)).isTrue();
        assertThat(hash(id)).containsEntry("phase", "live").containsKey("o:" + owner.name());
    }
}
