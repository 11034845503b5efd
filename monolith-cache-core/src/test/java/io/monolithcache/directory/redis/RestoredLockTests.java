// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Redis has forgotten a lock that has an end, and is told of it again: somebody has to mind that end. */
class RestoredLockTests extends SingleFailures {

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

    /** From here on a sweep looks at nothing but what is due. */
    private void settle(TestOwner... owners) {
        ageEpoch();
        sweep(owners);
    }

    private static void sweep(TestOwner... owners) {
        for (TestOwner owner : owners) {
            owner.registry.sweep();
        }
    }

    private void forgetEverything(TestOwner... owners) {
        admin().flushall();
        for (TestOwner owner : owners) {
            owner.awaitRecoveries(1);
        }
        settle(owners);
    }

    private void assertGoesAfter(Instant end, TestOwner holder, TestOwner other) {
        // a clock of Redis that is a little behind
        await(() -> Instant.now().isAfter(end.plusMillis(200)));
        sweep(holder, other);
        assertOnlyLeft(other);
    }

    @Test
    void theEndOfALockThatItsHolderHasToldAgainIsMinded() {
        TestOwner holder = livingOwner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();
        Instant end = Instant.now().plusSeconds(4);
        holder.registry.lock(id, end);

        forgetEverything(holder, other);
        holder.registry.release(id);

        assertGoesAfter(end, holder, other);
    }

    @Test
    void theEndOfALockThatASweepHasRestoredIsMinded() {
        TestOwner holder = livingOwner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();
        Instant end = Instant.now().plusSeconds(4);
        holder.registry.lock(id, end);
        holder.registry.release(id);

        forgetEverything(holder, other);
        await(() -> other.registry.find(id).orElseThrow().locked());

        assertGoesAfter(end, holder, other);
    }
}
