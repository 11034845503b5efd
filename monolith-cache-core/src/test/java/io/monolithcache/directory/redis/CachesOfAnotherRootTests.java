// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.ReferenceRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Servers with a disk each that share a Redis see each other's caches, and change nothing of them. */
class CachesOfAnotherRootTests extends SingleFailures {

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

    private TestOwner stranger() {
        TestOwner stranger = owner(anotherPlace, settings, new DiskHooks());
        stranger.registry.release(stranger.create());
        return stranger;
    }

    /** Redis is old enough, and everybody has seen all there is: from here on sweeps are lazy. */
    private void settle(TestOwner... owners) {
        ageEpoch();
        sweep(owners);
    }

    private static void sweep(TestOwner... owners) {
        for (TestOwner owner : owners) {
            owner.registry.sweep();
        }
    }

    static Stream<Named<BiConsumer<ReferenceRegistry, CacheId>>> changes() {
        return Stream.of(
                Named.of("attach", ReferenceRegistry::attach),
                Named.of("lock", (registry, id) -> registry.lock(id, null)),
                Named.of("unlock", ReferenceRegistry::unlock),
                Named.of("evict", ReferenceRegistry::evict),
                Named.of("evictForcibly", ReferenceRegistry::evictForcibly));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aCacheInUseIsLeftAloneAndTheLocationTold(BiConsumer<ReferenceRegistry, CacheId> change) {
        TestOwner holder = owner();
        TestOwner stranger = stranger();
        CacheId id = holder.create();
        settle(holder, stranger);

        assertRefuses(change, stranger, holder, id);

        sweep(holder, stranger);
        assertThat(holder.sees(id)).isTrue();
        assertThat(holder.lost).isEmpty();
        assertThat(holder.owners(id)).containsExactly(holder.name());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aLockedCacheIsLeftAloneAndTheLocationTold(BiConsumer<ReferenceRegistry, CacheId> change) {
        TestOwner owner = owner();
        TestOwner stranger = stranger();
        CacheId id = owner.createLocked();
        settle(owner, stranger);

        assertRefuses(change, stranger, owner, id);

        sweep(owner, stranger);
        assertThat(owner.sees(id)).isTrue();
        assertThat(owner.registry.find(id).orElseThrow().locked()).isTrue();
    }

    private void assertRefuses(
            BiConsumer<ReferenceRegistry, CacheId> change, TestOwner stranger, TestOwner owner, CacheId id) {
        Map<String, String> before = hash(id);

        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> change.accept(stranger.registry, id))
                .withMessageContaining("not in this root")
                .withMessageContaining(owner.storage.location(id).toString());

        assertThat(hash(id)).isEqualTo(before);
    }

    @Test
    void anAttachFromAnotherRootDoesNotKeepWhatIsReleasedMeanwhile() {
        DiskHooks disk = new DiskHooks();
        TestOwner holder = owner();
        TestOwner stranger = owner(anotherPlace, settings, disk);
        CacheId id = holder.create();
        stranger.registry.release(stranger.create());
        settle(holder, stranger);
        disk.onceBefore("isThere", () -> holder.registry.release(id));

        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> stranger.registry.attach(id));
        sweep(holder, stranger);

        assertOnlyLeft(holder);
    }

    /** As it is when somebody adopts the caches of a root whose format is gone. */
    @Test
    void aRootThatWasMadeAnewTakesItsCachesOver() {
        TestOwner before = livingOwner();
        CacheId kept = before.createLocked();
        CacheId swept = before.createLocked();
        admin().hset(keys.cache(kept), "root", "former");
        admin().hset(keys.cache(swept), "root", "former");
        String root = before.storage.root();
        admin().zrem(keys.index(root), kept.value(), swept.value());
        admin().zadd(keys.index("former"), (double) swept.time().toEpochMilli(), swept.value());
        ageEpoch();

        before.registry.attach(kept);
        sweep(before);

        assertThat(before.owners(kept)).containsExactly(before.name());
        assertThat(hash(swept)).containsEntry("root", root);
        assertThat(before.registry.find(swept).orElseThrow().locked()).isTrue();
        assertThat(admin().zrange(keys.index("former"), 0, -1)).isEmpty();
        assertOnlyLeft(before, kept, swept);
    }

    @Test
    void aRootInWhichSomebodyLivesIsNotRobbed() {
        TestOwner holder = owner();
        TestOwner stranger = stranger();
        CacheId id = holder.create();
        settle(holder, stranger);
        // a copy of it
        String prepared = stranger.storage.prepare();
        stranger.storage.publish(prepared, id, Map.of());
        stranger.registry.release(stranger.create());
        admin().zadd(keys.due(stranger.storage.root()), 0, "sweep");

        sweep(stranger);

        assertThat(hash(id)).containsEntry("root", holder.storage.root());
        assertThat(holder.sees(id)).isTrue();
    }
}
