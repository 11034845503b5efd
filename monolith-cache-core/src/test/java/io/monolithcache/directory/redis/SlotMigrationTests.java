// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.DirectoryStorage.Look;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The slot of a namespace goes from one master of a cluster to another, key by key, while caches are in use. */
@Tag("long")
class SlotMigrationTests extends SingleFailures {

    @RegisterExtension
    static final ClusterRedis redis = new ClusterRedis();

    private RedisClusterCommands<String, String> home = redis.node(redis.nodeOf(keys.epoch()));

    @Override
    LettuceConnectionFactory connect(Way way) {
        return redis.connect(way);
    }

    /** The node that has the namespace. */
    @Override
    RedisClusterCommands<String, String> admin() {
        return home;
    }

    /** A move of a slot, step by step. */
    private final class Move {

        private final int slot = SlotHash.getSlot(keys.epoch());
        private final int to = (redis.nodeOf(keys.epoch()) + 1) % 3;
        private final RedisClusterCommands<String, String> source = redis.node(redis.nodeOf(keys.epoch()));
        private final RedisClusterCommands<String, String> target = redis.node(to);

        void begin() {
            target.clusterSetSlotImporting(slot, source.clusterMyId());
            source.clusterSetSlotMigrating(slot, target.clusterMyId());
        }

        void move(List<String> names) {
            RedisURI place = redis.uri(to);
            names.forEach(
                    name -> source.migrate(place.getHost(), place.getPort(), 0, 5_000, MigrateArgs.Builder.key(name)));
        }

        List<String> left() {
            return source.clusterGetKeysInSlot(slot, 1_000);
        }

        void end() {
            move(left());
            for (int number = 0; number < 3; number++) {
                redis.node(number).clusterSetSlotNode(slot, target.clusterMyId());
            }
            home = target;
        }
    }

    private static void mayFail(Runnable step) {
        try {
            step.run();
        } catch (CacheException notNow) {
            assertThat(notNow).isInstanceOfAny(CacheBackendException.class, CacheInUseException.class);
        }
    }

    private void survives(java.util.function.Predicate<String> first) {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId held = holder.create();
        CacheId shared = holder.create();
        CacheId locked = holder.createLocked();
        other.registry.attach(shared);

        Move move = new Move();
        move.begin();
        move.move(move.left().stream().filter(first).toList());
        for (int round = 0; round < 3; round++) {
            mayFail(() -> other.registry.sweep());
            mayFail(() -> holder.registry.sweep());
            mayFail(() -> other.registry.evict(held));
            mayFail(() -> other.registry.attach(held));
            mayFail(() -> holder.registry.release(holder.create()));
        }
        move.end();
        untilTold(holder.registry::requireAlive);
        untilTold(other.registry::requireAlive);
        holder.awaitRecoveries(1);
        other.awaitRecoveries(1);
        holder.awaitRenewal();
        other.awaitRenewal();
        ageEpoch();
        endFormerLeases(holder);
        endFormerLeases(other);
        untilTold(holder.registry::sweep);
        untilTold(other.registry::sweep);

        assertThat(holder.lost).isEmpty();
        assertThat(other.lost).isEmpty();
        assertOnlyLeft(holder, held, shared, locked);
        assertThat(holder.owners(held)).contains(holder.name());
        assertThat(holder.owners(shared)).containsExactlyInAnyOrder(holder.name(), other.name());
        assertThat(holder.registry.find(locked).orElseThrow().locked()).isTrue();
        assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> other.registry.evict(held));
        if (other.registry.holds(held) && holder.owners(held).contains(other.name())) {
            other.registry.release(held);
        }
        holder.registry.release(held);
        assertThat(look(holder, held)).isEqualTo(Look.GONE);
    }

    @Test
    void theRulesHoldWhileLeasesHaveMovedAndCachesHaveNot() {
        survives(key -> key.contains(":owner:"));
    }

    @Test
    void theRulesHoldWhileCachesHaveMovedAndLeasesHaveNot() {
        survives(key -> !key.contains(":owner:"));
    }

    @Test
    void theRulesHoldWhileTheEpochAloneHasMoved() {
        survives(keys.epoch()::equals);
    }

    /** Nothing is on its way when it goes. */
    @Test
    void aConnectionThatANodeOfAClusterClosesIsNoticed() {
        TestOwner holder = owner();
        CacheId id = holder.create();

        holder.way.breakConnections();
        holder.awaitRecoveries(1);

        assertThat(holder.owners(id)).containsExactly(holder.name());
        assertThat(holder.lost).isEmpty();
    }

    /** So that the next step begins with a recovery, and does not fail. */
    @Test
    void aConnectionIsClosedOnceTheNodeOfTheNamespaceHasClosedIts() {
        int port = redis.uri(redis.nodeOf(keys.epoch())).getPort();
        try (Way way = new Way();
                RedisLink link = new RedisLink(() -> redis.connect(way), settings, new RedisRegistryListener() {})) {
            // it may also be the one that the client has chosen among all of them
            for (int round = 0; round < 10; round++) {
                RedisConnection connection = link.connection();
                way.breakConnections(port);
                await(() -> !connection.isOpen());
                assertThat(link.connection().run(RedisScript.DEAD, List.of(keys.epoch())))
                        .returns("OK", Answer::word);
            }
        }
    }
}
