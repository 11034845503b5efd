// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.LogWatch;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A Redis that does not know a root in which somebody works: an empty one looks the same, so it is told of. */
class AnotherRedisTests extends SingleFailures {

    private static final String TOLD = "Redis does not know the cache root";

    @RegisterExtension
    static final StandaloneRedis redis = StandaloneRedis.bundled();

    private int database;

    @Override
    LettuceConnectionFactory connect(Way way) {
        LettuceConnectionFactory factory = redis.connect(way);
        factory.getStandaloneConfiguration().setDatabase(database);
        return factory;
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return redis.admin();
    }

    private List<String> warningsOfAnOwner(int inDatabase) {
        database = inDatabase;
        try (LogWatch log = new LogWatch()) {
            owner().create();
            return log.warnings();
        }
    }

    @Test
    void whoComesWithAnotherDatabaseIsToldWhoWorksThere() {
        TestOwner holder = owner();
        holder.create();
        String name = holder.name().substring(0, holder.name().lastIndexOf('.'));

        assertThat(warningsOfAnOwner(1))
                .singleElement()
                .asString()
                .contains(TOLD + " " + holder.storage.root(), name, "stop this process");
    }

    @Test
    void whoComesToAFreshRootIsNot() {
        assertThat(warningsOfAnOwner(0)).isEmpty();
    }

    @Test
    void whoComesBesideOthersIsNot() {
        owner().create();

        assertThat(warningsOfAnOwner(0)).isEmpty();
    }

    @Test
    void whoComesAfterOneThatWasKilledIsNot() {
        TestOwner killed = owner();
        killed.create();
        String name = killed.name();
        killed.way.cut();
        endLease(name);
        endLease(name.substring(0, name.lastIndexOf('.')));

        assertThat(warningsOfAnOwner(0)).isEmpty();
    }

    @Test
    void whoComesAfterTheLastOneHasEndedIsNot() {
        TestOwner first = owner();
        first.registry.release(first.create());
        ageEpoch();
        first.registry.sweep();
        first.registry.close();
        assertThat(admin().smembers(keys.roots())).isEmpty();

        assertThat(warningsOfAnOwner(0)).isEmpty();
    }

    /** It is the first to come after Redis was emptied, and those who work there have not told Redis again yet. */
    @Test
    void anEmptiedRedisIsAcceptedWithAWarning() {
        TestOwner holder = owner();
        holder.create();
        holder.way.cut();
        admin().flushall();

        assertThat(warningsOfAnOwner(0)).singleElement().asString().contains(TOLD);
    }
}
