// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheId;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What becomes in Redis of a root that nobody uses any more. */
class UnusedRootsTests extends SingleFailures {

    @RegisterExtension
    static final StandaloneRedis redis = StandaloneRedis.bundled();

    @TempDir
    Path anotherPlace;

    @Override
    LettuceConnectionFactory connect(Way way) {
        return redis.connect(way);
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return redis.admin();
    }

    private TestOwner passing() {
        return owner(anotherPlace, settings, new DiskHooks());
    }

    /** One whose process has not looked for unused roots yet. */
    private void sweepInAnotherRoot() {
        TestOwner fresh = livingOwner();
        ageEpoch();
        assertThat(fresh.registry.sweep().skipped()).isNull();
    }

    /** As if its process had been killed, and its lease had ended. */
    private void kill(TestOwner owner) {
        String name = owner.name();
        owner.way.cut();
        owner.registry.close();
        endLease(name);
        endLease(name.substring(0, name.lastIndexOf('.')));
    }

    private void letADayPass(String root) {
        assertThat(admin().zscore(keys.unused(), root)).isNotNull();
        admin().zadd(keys.unused(), 1, root);
    }

    private void assertForgotten(String root) {
        assertThat(admin().keys("*" + root + "*")).isEmpty();
        assertThat(admin().smembers(keys.roots())).doesNotContain(root);
        assertThat(admin().zscore(keys.unused(), root)).isNull();
    }

    @Test
    void nothingIsLeftOfOneWhoseLastOwnerHasClosed() {
        TestOwner passing = passing();
        passing.registry.release(passing.create());
        ageEpoch();
        passing.registry.sweep();
        String root = passing.storage.root();

        passing.registry.close();

        assertForgotten(root);
    }

    @Test
    void oneOfWhichAnotherOwnerLivesIsKept() {
        TestOwner passing = passing();
        TestOwner staying = passing();
        staying.create();
        passing.create();
        String root = passing.storage.root();

        passing.registry.close();
        sweepInAnotherRoot();

        assertThat(admin().smembers(keys.roots())).contains(root);
        assertThat(admin().smembers(keys.owners(root))).contains(staying.name());
        assertThat(admin().zscore(keys.unused(), root)).isNull();
    }

    @Test
    void nothingIsLeftOfOneWhoseOwnerWasKilledWithoutACache() {
        TestOwner passing = passing();
        passing.registry.release(passing.create());
        String root = passing.storage.root();
        kill(passing);

        sweepInAnotherRoot();

        assertForgotten(root);
    }

    @Test
    void recordsOfOneAreKeptForADay() {
        TestOwner passing = passing();
        CacheId id = passing.createLocked();
        String root = passing.storage.root();
        kill(passing);

        sweepInAnotherRoot();

        assertThat(hash(id)).isNotEmpty();
        double end = admin().zscore(keys.unused(), root);
        assertThat(Duration.ofMillis((long) end - System.currentTimeMillis()))
                .isBetween(Duration.ofHours(23), Duration.ofHours(25));
    }

    @Test
    void afterThatTheyAreForgottenHoweverMany() {
        TestOwner passing = passing();
        CacheId id = passing.createLocked();
        String root = passing.storage.root();
        String many = """
                for i = 1, 2500 do
                  redis.call('HSET', ARGV[1] .. i, 'phase', 'live', 'location', 'file:///none', 'root', ARGV[2])
                  redis.call('ZADD', KEYS[1], i, i)
                end
                """;
        String hashes = keys.cache(id).replace(id.value(), "");
        admin().eval(many, ScriptOutputType.STATUS, new String[] {keys.index(root)}, hashes, root);
        kill(passing);
        sweepInAnotherRoot();
        letADayPass(root);

        sweepInAnotherRoot();

        assertForgotten(root);
        assertThat(admin().keys(hashes + "*")).isEmpty();
    }

    @Test
    void inAYoungEpochNobodySaysWhoLives() {
        TestOwner passing = passing();
        CacheId id = passing.createLocked();
        String root = passing.storage.root();
        kill(passing);
        sweepInAnotherRoot();
        letADayPass(root);
        admin().hset(keys.epoch(), "server", "the-one-before");

        TestOwner fresh = livingOwner();
        fresh.registry.sweep();

        assertThat(hash(id)).isNotEmpty();
        ageEpoch();
        fresh.registry.sweep();
        assertForgotten(root);
    }

    @Test
    void whoComesBackInTimeKeepsTheRecords() {
        TestOwner passing = passing();
        CacheId id = passing.createLocked();
        String root = passing.storage.root();
        kill(passing);
        sweepInAnotherRoot();
        letADayPass(root);

        TestOwner back = passing();
        back.registry.sweep();
        sweepInAnotherRoot();

        assertThat(hash(id)).containsEntry("root", root);
        assertThat(admin().zscore(keys.unused(), root)).isGreaterThan((double) System.currentTimeMillis());
        back.registry.attach(id);
        assertThat(admin().zscore(keys.unused(), root)).isNull();
    }

    @Test
    void whatIsLockedOnTheDiskComesBackWithItsRoot() {
        TestOwner passing = passing();
        CacheId locked = passing.createLocked();
        CacheId left = passing.create();
        String root = passing.storage.root();
        kill(passing);
        sweepInAnotherRoot();
        letADayPass(root);
        sweepInAnotherRoot();
        assertForgotten(root);

        TestOwner back = passing();
        back.registry.sweep();

        assertThat(back.registry.find(locked).orElseThrow().locked()).isTrue();
        assertThat(back.isThere(left)).isFalse();
        assertOnlyLeft(back, locked);
        assertThat(admin().smembers(keys.roots())).contains(root);
    }
}
