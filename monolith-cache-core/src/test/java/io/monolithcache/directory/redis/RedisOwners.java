// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryOwners;
import io.monolithcache.directory.local.LocalBackendProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the contract does with owners over a Redis of some kind. They are of this process, each over a way of its own;
 * one is killed by cutting that and ending its lease.
 */
final class RedisOwners implements RegistryOwners, AutoCloseable {

    private static int namespaces;

    private final RedisKind redis;
    private final Path place;
    private final RedisRegistrySettings settings =
            new RedisRegistrySettings("test" + ++namespaces, Duration.ofSeconds(10), Duration.ofSeconds(2));
    private final RedisKeys keys = new RedisKeys(settings.namespace());
    private final Way way = new Way();
    private final Map<ReferenceRegistry, Way> mortals = new ConcurrentHashMap<>();
    private final List<Way> ways = new ArrayList<>(List.of(way));

    private final DirectoryBackend.Provider storage;

    /** With directories on the disk. */
    RedisOwners(RedisKind redis, Path place) {
        this(redis, place, new LocalBackendProvider());
    }

    /** @param storage where the directories are; on the disk, at the place */
    RedisOwners(RedisKind redis, Path place, DirectoryBackend.Provider storage) {
        this.redis = redis;
        this.place = place;
        this.storage = storage;
    }

    @Override
    public void close() {
        ways.forEach(Way::close);
    }

    @Override
    public DirectoryBackend open() {
        return open(way);
    }

    private DirectoryBackend open(Way over) {
        RedisRegistry registry = new RedisRegistry(settings, () -> redis.connect(over));
        return storage.open(
                new DirectoryBackend.Settings(place, null, OrphanPolicy.KEEP, false, Clock.systemUTC(), registry));
    }

    @Override
    public ReferenceRegistry openMortal() {
        Way own = new Way();
        ways.add(own);
        ReferenceRegistry mortal = open(own).registry();
        mortal.start((id, trash) -> trash.delete());
        mortals.put(mortal, own);
        return mortal;
    }

    @Override
    public void kill(ReferenceRegistry mortal) {
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
    public void beginWipe(CacheId id) {
        redis.admin().hset(keys.cache(id), "phase", "wiping");
    }

    @Override
    public void disconnect() {
        way.cut();
    }

    @Override
    public void reconnect() {
        way.mend();
    }

    @Override
    public void letPass(Duration time) {
        Instant end = Instant.now().plus(time);
        await().pollInterval(Duration.ofMillis(10)).until(() -> Instant.now().isAfter(end));
    }
}
