// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.StringCodec;
import io.monolithcache.directory.CacheRegistryException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceSslClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Makes the connection of a registry on first use, and another one when it is asked for while that is closed. */
final class RedisLink implements AutoCloseable {

    private static final String CLOSED_EARLY = "closed prematurely";

    private final Supplier<LettuceConnectionFactory> connections;
    private final RedisRegistrySettings settings;
    private final RedisRegistryListener listener;
    private final ReentrantLock connecting = new ReentrantLock();
    private @Nullable LettuceConnectionFactory factory;
    private volatile @Nullable RedisConnection current;
    private final LastFailure lastFailure = new LastFailure();
    private boolean closed;

    RedisLink(
            Supplier<LettuceConnectionFactory> connections,
            RedisRegistrySettings settings,
            RedisRegistryListener listener) {
        this.connections = connections;
        this.settings = settings;
        this.listener = new GuardedListener(listener);
    }

    /** @throws CacheRegistryException if Redis cannot be reached */
    RedisConnection connection() {
        RedisConnection known = current;
        if (known != null && known.isOpen()) {
            return known;
        }
        long asked = System.nanoTime();
        connecting.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The cache manager is closed");
            }
            known = current;
            if (known == null || !known.isOpen()) {
                known = lastFailure.unlessSince(asked, () -> open(factory()));
                current = known;
            }
            return known;
        } finally {
            connecting.unlock();
        }
    }

    private LettuceConnectionFactory factory() {
        LettuceConnectionFactory known = factory;
        if (known == null) {
            LettuceConnectionFactory given = connections.get();
            known = isBounded(given) ? given : bounded(given);
            known.afterPropertiesSet();
            known.start();
            factory = known;
        }
        return known;
    }

    private boolean isBounded(LettuceConnectionFactory given) {
        return given.getClientConfiguration().getCommandTimeout().compareTo(settings.timeout()) <= 0;
    }

    /** The same with our time for a command, because a handshake takes as long as that: a minute, if nobody says so. */
    private LettuceConnectionFactory bounded(LettuceConnectionFactory given) {
        return new LettuceConnectionFactory(configuration(given), bounded(given.getClientConfiguration()));
    }

    private static RedisConfiguration configuration(LettuceConnectionFactory given) {
        return Stream.of(
                        given.getClusterConfiguration(),
                        given.getSentinelConfiguration(),
                        given.getSocketConfiguration())
                .filter(Objects::nonNull)
                .map(RedisConfiguration.class::cast)
                .findFirst()
                .orElseGet(() -> standalone(given));
    }

    /** A factory does not hand out what it was given as a mere {@link RedisConfiguration}, but the default instead. */
    private static RedisConfiguration standalone(LettuceConnectionFactory given) {
        RedisStandaloneConfiguration known = given.getStandaloneConfiguration();
        if (!known.getHostName().equals(given.getHostName()) || known.getPort() != given.getPort()) {
            throw new IllegalArgumentException("Make the connection factory for " + given.getHostName() + ":"
                    + given.getPort() + " of a RedisStandaloneConfiguration, or give it a command timeout that is not"
                    + " longer than that of the registry");
        }
        return known;
    }

    private LettuceClientConfiguration bounded(LettuceClientConfiguration given) {
        LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder()
                .commandTimeout(settings.timeout())
                .shutdownTimeout(given.getShutdownTimeout())
                .shutdownQuietPeriod(given.getShutdownQuietPeriod());
        given.getClientResources().ifPresent(builder::clientResources);
        given.getClientOptions().ifPresent(builder::clientOptions);
        given.getClientName().ifPresent(builder::clientName);
        given.getRedisCredentialsProviderFactory().ifPresent(builder::redisCredentialsProviderFactory);
        if (given.isUseSsl()) {
            LettuceSslClientConfigurationBuilder ssl = builder.useSsl().verifyPeer(given.getVerifyMode());
            return given.isStartTls() ? ssl.startTls().build() : ssl.build();
        }
        return builder.build();
    }

    private RedisConnection open(LettuceConnectionFactory from) {
        try {
            return connect(from.getRequiredNativeClient());
        } catch (RuntimeException failure) {
            String message = rootMessage(failure);
            throw new CacheRegistryException(
                    "Redis at " + describe(from) + " cannot be reached: " + message
                            + (message.endsWith(".") ? "" : "."),
                    Advice.on(message),
                    failure);
        }
    }

    /** Of a refused log-in the client may see no more than the end of the connection: asked once more, it knows why. */
    private RedisConnection connect(AbstractRedisClient client) {
        try {
            return connectOnce(client);
        } catch (RuntimeException failure) {
            if (rootMessage(failure).contains(CLOSED_EARLY)) {
                return connectOnce(client);
            }
            throw failure;
        }
    }

    private RedisConnection connectOnce(AbstractRedisClient client) {
        if (client instanceof RedisClusterClient cluster) {
            cluster.setOptions(
                    (ClusterClientOptions) bounded(client, ClusterClientOptions.builder(client.getOptions())));
            // after a failover the nodes are others
            cluster.refreshPartitions();
            return open(cluster.connect(StringCodec.UTF8));
        }
        RedisClient single = (RedisClient) client;
        single.setOptions(bounded(client, client.getOptions().mutate()));
        StatefulRedisConnection<String, String> made = single.connect(StringCodec.UTF8);
        return new RedisConnection(made, made.async(), made, settings, listener);
    }

    /**
     * Of the nodes only the one that has the namespace matters; that its connection broke is noticed before the next
     * use.
     */
    private RedisConnection open(StatefulRedisClusterConnection<String, String> made) {
        try {
            RedisURI place = master(made.getPartitions());
            StatefulRedisConnection<String, String> node = made.getConnection(place.getHost(), place.getPort());
            return new RedisConnection(made, made.async(), node, settings, listener);
        } catch (RuntimeException failure) {
            CompletableFuture<Void> unused = made.closeAsync();
            throw failure;
        }
    }

    private RedisURI master(Partitions nodes) {
        int slot = SlotHash.getSlot(new RedisKeys(settings.namespace()).epoch());
        RedisClusterNode master = nodes.getMasterBySlot(slot);
        if (master == null) {
            throw new IllegalStateException(
                    "no node has slot " + slot + ", that of the namespace '" + settings.namespace() + "'");
        }
        return master.getUri();
    }

    /** Lettuce restores nothing: it would send again what was in flight. */
    private ClientOptions bounded(AbstractRedisClient client, ClientOptions.Builder options) {
        return options.autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                // of those that nobody waits for, too
                .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
                .socketOptions(client.getOptions()
                        .getSocketOptions()
                        .mutate()
                        .connectTimeout(settings.timeout())
                        .build())
                .build();
    }

    private static String describe(LettuceConnectionFactory factory) {
        RedisClusterConfiguration cluster = factory.getClusterConfiguration();
        if (cluster != null) {
            return "the cluster " + cluster.getClusterNodes();
        }
        RedisSentinelConfiguration sentinels = factory.getSentinelConfiguration();
        return sentinels == null
                ? factory.getHostName() + ":" + factory.getPort()
                : "the sentinels " + sentinels.getSentinels();
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    @Override
    public void close() {
        connecting.lock();
        try {
            closed = true;
            RedisConnection last = current;
            current = null;
            if (last != null) {
                last.close();
            }
            if (factory != null) {
                factory.destroy();
            }
        } finally {
            connecting.unlock();
        }
    }
}
