// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.ReferenceRegistryContract;
import io.monolithcache.directory.local.LocalBackendProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract over a Redis of some kind. The owners are of this process, each over a way of its own; one is killed by
 * cutting that and ending its lease.
 */
@Timeout(120)
abstract class RedisRegistryContract extends ReferenceRegistryContract {

    private static int namespaces;

    @TempDir
    Path place;

    private final RedisKind redis;
    private final int rounds;
    private final RedisRegistrySettings settings =
            new RedisRegistrySettings("test" + ++namespaces, Duration.ofSeconds(10), Duration.ofSeconds(2));
    private final RedisKeys keys = new RedisKeys(settings.namespace());
    private final Way way = new Way();
    private final Map<ReferenceRegistry, Way> mortals = new ConcurrentHashMap<>();
    private final List<Way> ways = new ArrayList<>(List.of(way));

    /** @param rounds how often a race is tried */
    RedisRegistryContract(RedisKind redis, int rounds) {
        this.redis = redis;
        this.rounds = rounds;
    }

    @AfterEach
    void closeWays() {
        ways.forEach(Way::close);
    }

    @Override
    protected int rounds() {
        return rounds;
    }

    @Override
    protected DirectoryBackend open() {
        return open(way);
    }

    private DirectoryBackend open(Way over) {
        RedisRegistry registry = new RedisRegistry(settings, () -> redis.connect(over));
        return new LocalBackendProvider()
                .open(new DirectoryBackend.Settings(
                        place, null, OrphanPolicy.KEEP, false, Clock.systemUTC(), registry));
    }

    @Override
    protected ReferenceRegistry openMortal() {
        Way own = new Way();
        ways.add(own);
        ReferenceRegistry mortal = open(own).registry();
        mortal.start((id, trash) -> trash.delete());
        mortals.put(mortal, own);
        return mortal;
    }

    @Override
    protected void kill(ReferenceRegistry mortal) {
        String name = mortal.owner();
        Way own = mortals.remove(mortal);
        if (own != null) {
            own.cut();
            mortal.close();
        }
        if (name != null) {
            redis.admin().del(keys.owner(name), keys.owner(name.substring(0, name.lastIndexOf('.'))));
        }
    }

    @Override
    protected void beginWipe(CacheId id) {
        redis.admin().hset(keys.cache(id), "phase", "wiping");
    }

    @Override
    protected void disconnect() {
        way.cut();
    }

    @Override
    protected void reconnect() {
        way.mend();
    }

    @Override
    protected void letPass(Duration time) {
        Instant end = Instant.now().plus(time);
        await().pollInterval(Duration.ofMillis(10)).until(() -> Instant.now().isAfter(end));
    }

    @Override
    protected Duration aWhile() {
        return Duration.ofMillis(300);
    }
}
