// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryProvider;
import java.time.Clock;
import java.util.function.Supplier;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * References of several processes and servers, in Redis:
 *
 * <pre>{@code
 * CacheManager manager = CacheManager.builder()
 *     .root(shared)
 *     .registry(new RedisRegistry(RedisRegistrySettings.defaults(), () -> new LettuceConnectionFactory("redis", 6379)))
 *     .build();
 * }</pre>
 *
 * <p>Each manager has a client of its own, built on first use and closed with the manager: the application's would be
 * gone before the last release.
 */
public final class RedisRegistry implements RegistryProvider {

    static final String NAME = "redis";

    private final RedisRegistrySettings settings;
    private final Supplier<LettuceConnectionFactory> connections;
    private final RedisRegistryListener listener;

    public RedisRegistry(RedisRegistrySettings settings, Supplier<LettuceConnectionFactory> connections) {
        this(settings, connections, new RedisRegistryListener() {});
    }

    /** @param connections makes a factory that is used by one manager alone, neither initialized nor started */
    public RedisRegistry(
            RedisRegistrySettings settings,
            Supplier<LettuceConnectionFactory> connections,
            RedisRegistryListener listener) {
        this.settings = settings;
        this.connections = connections;
        this.listener = listener;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String namespace() {
        return settings.namespace();
    }

    @Override
    public ReferenceRegistry open(DirectoryStorage storage, Clock clock) {
        RedisLink link = new RedisLink(connections, settings, listener);
        return new RedisReferenceRegistry(
                link, settings, storage, listener, LeaseClock.ofTheSystem(settings.lease()), clock);
    }
}
