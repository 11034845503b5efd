// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.KillArgs;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The master that has the slot of the namespace goes, and its replica takes its place. */
@Tag("long")
class ClusterFailoverTests extends SingleFailures {

    @RegisterExtension
    static final ClusterRedis redis = ClusterRedis.withReplicas(Duration.ofMillis(1_500));

    private static final Pattern MOVED = Pattern.compile("errorstat_MOVED:count=(\\d+)");

    private int master;
    private int replica;
    private boolean over;

    @BeforeEach
    void findThem() {
        master = redis.masterOf(keys.epoch());
        replica = redis.replicaOf(master);
        redis.awaitReplica(replica);
    }

    @AfterEach
    void bringBack() {
        redis.server(master).signal("CONT");
        redis.server(replica).signal("CONT");
        if (!redis.server(master).isRunning()) {
            redis.startAgain(master);
        }
        redis.awaitReplica(redis.replicaOf(masterNow()));
    }

    @Override
    LettuceConnectionFactory connect(Way way) {
        return redis.connect(way);
    }

    /** On a busy machine the former master may take its place back, because the new one does not answer in time. */
    @Override
    RedisClusterCommands<String, String> admin() {
        return redis.node(masterNow());
    }

    /** Asks the new one, since the former may be dead or stand still. */
    private int masterNow() {
        return over && redis.isMaster(replica) ? replica : master;
    }

    private Map<String, String> epoch() {
        return admin().hgetall(keys.epoch());
    }

    private void awaitPromotion() {
        redis.awaitMaster(replica);
        over = true;
    }

    /**
     * A holder and another who shares one of the two caches with it, a locked cache that nobody uses, and one who dies.
     */
    private final class Scene {

        final TestOwner holder = owner();
        final TestOwner other = livingOwner();
        final CacheId held = holder.create();
        final CacheId shared = holder.create();
        final CacheId locked = holder.createLocked();
        final CacheId left;
        final Map<String, String> before;

        Scene() {
            other.registry.attach(shared);
            TestOwner dying = owner();
            left = dying.create();
            before = epoch();
            await(() -> redis.node(replica).exists(keys.cache(left)) == 1);
            dying.way.cut();
        }

        void awaitRecoveries() {
            holder.awaitRecoveries(1);
            other.awaitRecoveries(1);
        }

        /** Time passes by itself, and sweeps go on. */
        void assertNothingIsLost() {
            Map<String, String> after = epoch();
            assertThat(after.get("id")).isNotEqualTo(before.get("id"));
            assertThat(admin().info("server")).contains("run_id:" + after.get("server"));
            assertThat(holder.owners(held)).containsExactly(holder.name());
            assertThat(holder.owners(shared)).containsExactlyInAnyOrder(holder.name(), other.name());
            long began = Long.parseLong(after.get("since"));
            await(() -> {
                holder.registry.sweep();
                other.registry.sweep();
                return !holder.isThere(left);
            });
            assertThat(redisNow()).isGreaterThanOrEqualTo(began + 2 * LEASE.toMillis());

            assertThat(holder.lost).isEmpty();
            assertThat(other.lost).isEmpty();
            assertOnlyLeft(holder, held, shared, locked);
            assertThat(holder.registry.find(locked).orElseThrow().locked()).isTrue();
            assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> other.registry.evict(held));
            holder.registry.release(held);
            holder.registry.release(shared);
            assertOnlyLeft(other, shared, locked);
            other.registry.release(shared);
            assertThat(other.registry.unlock(locked)).isTrue();
            assertOnlyLeft(other);
        }
    }

    private long redisNow() {
        List<String> time = admin().time();
        return Long.parseLong(time.get(0)) * 1_000 + Long.parseLong(time.get(1)) / 1_000;
    }

    @Test
    void ownersTellTheReplicaOfAKilledMasterWhatTheyHold() {
        Scene scene = new Scene();

        redis.server(master).kill();
        awaitPromotion();
        scene.awaitRecoveries();

        scene.assertNothingIsLost();
    }

    /** Nobody is told that a connection is of no use: what is asked there is not answered. */
    @Test
    void ownersTellTheReplicaOfAMasterThatStandsStillWhatTheyHold() {
        Scene scene = new Scene();

        redis.server(master).signal("STOP");
        awaitPromotion();
        scene.awaitRecoveries();

        scene.assertNothingIsLost();
    }

    @Test
    void ownersTellTheReplicaThatAnOperatorPromotedWhatTheyHold() {
        Scene scene = new Scene();

        redis.promote(replica);
        awaitPromotion();
        scene.awaitRecoveries();

        scene.assertNothingIsLost();
    }

    /** Else each script would go to the former master first. */
    @Test
    void theConnectionLearnsWhoHasTheSlotNow() {
        TestOwner owner = livingOwner();

        redis.promote(replica);
        awaitPromotion();
        owner.awaitRecoveries(1);
        redis.awaitReplica(master);

        await(() -> {
            long before = redirected(master);
            owner.awaitRenewal();
            owner.awaitRenewal();
            return redirected(master) == before;
        });
    }

    private static long redirected(int number) {
        Matcher line = MOVED.matcher(redis.node(number).info("errorstats"));
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    @Test
    void nothingThatIsInUseIsLostWithTheWritesOfAFailover() {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId known = holder.create();
        CacheId releasedMeanwhile = holder.create();
        CacheId lockedBefore = holder.createLocked();
        CacheId unlockedMeanwhile = holder.createLocked();
        await(() -> redis.node(replica).hget(keys.cache(unlockedMeanwhile), "lock") != null);

        // from here on the replica hears nothing
        redis.server(replica).signal("STOP");
        admin().clientKill(KillArgs.Builder.typeSlave());
        CacheId created = holder.create();
        other.registry.attach(known);
        other.registry.lock(known, null);
        CacheId shared = other.create();
        holder.registry.attach(shared);
        holder.registry.release(releasedMeanwhile);
        holder.registry.unlock(unlockedMeanwhile);
        redis.server(master).kill();
        redis.server(replica).signal("CONT");
        awaitPromotion();

        holder.awaitRecoveries(1);
        other.awaitRecoveries(1);
        assertThat(admin().exists(keys.cache(releasedMeanwhile))).isOne();
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
