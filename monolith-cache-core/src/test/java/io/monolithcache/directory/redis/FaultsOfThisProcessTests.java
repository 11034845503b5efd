// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheId;
import io.monolithcache.owner.Heartbeat;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Something fails in the process itself, not on the way to Redis. */
class FaultsOfThisProcessTests extends SingleFailures {

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
    void anErrorDoesNotEndTheHeartbeats() {
        AtomicBoolean thrown = new AtomicBoolean();
        Heartbeat heartbeat = Heartbeat.start(LEASE.dividedBy(10), () -> {
            if (thrown.compareAndSet(false, true)) {
                throw new OutOfMemoryError("as a heap that was full for a moment has it");
            }
            thrown.set(false);
        });

        await(thrown::get);
        await(() -> !thrown.get());
        heartbeat.stop();
    }

    @Test
    void aListenerThatThrowsBreaksNothing() {
        TestOwner creating = owner();
        TestOwner other = livingOwner();
        creating.registry.release(creating.create());
        AtomicBoolean thrown = new AtomicBoolean();
        creating.onCommand(command -> {
            if (thrown.compareAndSet(false, command.equals("create"))) {
                throw new IllegalStateException("as a registry of meters that is closed has it");
            }
        });

        assertThatCode(() -> creating.registry.release(creating.create())).doesNotThrowAnyException();

        creating.registry.close();
        other.registry.sweep();
        assertOnlyLeft(other);
    }

    @Test
    void aRecoveryDoesNotFailBecauseAnotherCacheWentMeanwhile() {
        DiskHooks disk = new DiskHooks();
        TestOwner holder = owner(disk);
        TestOwner other = livingOwner();
        CacheId kept = holder.create();
        CacheId evicted = holder.create();
        holder.registry.lock(evicted, null);
        disk.onceBefore("metadata", () -> other.registry.evictForcibly(evicted));

        holder.way.breakConnections();

        assertThatNoException().as("what an operation on " + kept + " is told").isThrownBy(() -> {
            Awaitility.await().until(() -> {
                holder.registry.requireAlive();
                return holder.recoveries() > 0;
            });
        });
    }
}
