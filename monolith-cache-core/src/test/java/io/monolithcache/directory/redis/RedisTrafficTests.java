// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What the registry costs Redis, as Redis counts it. */
@Tag("long")
class RedisTrafficTests extends SingleFailures {

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

    /** What Redis runs, scripts' commands included, in this many heartbeats and as many sweeps. */
    private Map<String, Long> atRest(TestOwner owner, int beats) {
        owner.registry.sweep();
        owner.awaitRenewal();
        Map<String, Long> before = RedisStatistics.of(admin()).calls();
        for (int beat = 0; beat < beats; beat++) {
            owner.awaitRenewal();
            owner.registry.sweep();
        }
        Map<String, Long> spent = new TreeMap<>();
        RedisStatistics.of(admin()).calls().forEach((command, calls) -> {
            long more = calls - before.getOrDefault(command, 0L);
            if (more > 0) {
                spent.put(command, more);
            }
        });
        return spent;
    }

    @Test
    void restCostsTheSameHoweverManyCachesAreOpen() {
        TestOwner owner = owner();
        for (int number = 0; number < 10; number++) {
            owner.create();
        }
        // in a young epoch each sweep looks at everything
        ageEpoch();
        Map<String, Long> few = atRest(owner, 2);
        for (int number = 0; number < 9_990; number++) {
            owner.create();
        }
        Map<String, Long> many = atRest(owner, 2);

        assertThat(many).isEqualTo(few);
        // one for a heartbeat, two for a sweep
        assertThat(few).containsEntry("evalsha", 6L);
    }

    @Test
    void aCacheIsTwoRoundTripsAndItsWipeTwoMore() {
        TestOwner owner = livingOwner();
        owner.awaitRenewal();
        owner.commands.clear();
        long before = RedisStatistics.of(admin()).calls("evalsha");

        CacheId id = owner.create();
        owner.registry.release(id);

        assertThat(owner.commands).containsExactly("create", "release", "still", "forget");
        assertThat(RedisStatistics.of(admin()).calls("evalsha") - before).isEqualTo(4);
    }

    /** A page, or a walk over all, asks for their ids, and then for some hundred at once. */
    @Test
    void listsAskRedisForManyCachesAtOnce() {
        // no heartbeat meanwhile
        RedisRegistrySettings patient = settings(Duration.ofHours(1));
        try (Way way = new Way();
                CacheManager manager = CacheManager.builder()
                        .root(place)
                        .sweepInterval(Duration.ZERO)
                        .registry(new RedisRegistry(patient, () -> redis.connect(way)))
                        .build()) {
            for (int number = 0; number < 1_000; number++) {
                CacheDirectory unused = manager.create();
            }
            List<CacheDescription> page = new ArrayList<>();

            assertThat(scripts(() -> page.addAll(manager.list(null, 1_000)))).isEqualTo(1 + 4);
            assertThat(scripts(() -> manager.list(null, 10))).isEqualTo(1 + 1);
            assertThat(scripts(() -> assertThat(walk(manager, 1_000)).containsExactlyElementsOf(page)))
                    .isEqualTo(3 + 4);
            assertThat(scripts(() -> walk(manager, 1))).isEqualTo(1 + 1);
            assertThat(page).hasSize(1_000).allMatch(cache -> cache.owners().size() == 1);
        }
    }

    private static List<CacheDescription> walk(CacheManager manager, int limit) {
        try (Stream<CacheDescription> all = manager.list()) {
            return all.limit(limit).toList();
        }
    }

    private long scripts(Runnable step) {
        long before = RedisStatistics.of(admin()).calls("evalsha");
        step.run();
        return RedisStatistics.of(admin()).calls("evalsha") - before;
    }

    @Test
    void theDirectoryIsMadeWhileTheFirstRoundTripIsUnderWay() throws Exception {
        TestOwner owner = livingOwner();
        CacheId id = CacheId.random(Instant.now());

        owner.way.holdRequests(true);
        Future<Boolean> creation = inBackground(() -> owner.registry.create(id, Map.of("colour", "green")));
        await(() -> isPrepared("green"));
        assertThat(owner.isThere(id)).isFalse();
        owner.way.holdRequests(false);

        assertThat(creation.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(owner.storage.metadata(id)).containsEntry("colour", "green");
    }

    private boolean isPrepared(String content) {
        try (Stream<Path> files = Files.walk(place.resolve("monolith-cache/.monolith/prepared"))) {
            return files.filter(Files::isRegularFile).anyMatch(file -> contains(file, content));
        } catch (IOException | UncheckedIOException changing) {
            return false;
        }
    }

    private static boolean contains(Path file, String content) {
        try {
            return Files.readString(file).contains(content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
