// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.resource.ClientResources;
import io.monolithcache.autoconfigure.InvalidCacheSettingsException;
import io.monolithcache.autoconfigure.InvalidSetting;
import io.monolithcache.autoconfigure.MonolithCacheProperties;
import io.monolithcache.autoconfigure.RegistrySource;
import io.monolithcache.directory.RegistryProvider;
import io.monolithcache.directory.redis.RedisRegistry;
import io.monolithcache.directory.redis.RedisRegistryListener;
import io.monolithcache.directory.redis.RedisRegistrySettings;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Makes the registry in Redis: with a host, over a connection of our own properties; without one, over what the
 * application's own connection is made of. Whatever it needs of other beans it asks for when the manager is made, and
 * not later from another thread.
 */
final class RedisRegistrySource implements RegistrySource {

    private final ObjectProvider<SslBundles> sslBundles;
    private final ObjectProvider<RedisRegistryListener> listeners;
    private final ObjectProvider<ApplicationRedis> application;

    RedisRegistrySource(
            ObjectProvider<SslBundles> sslBundles,
            ObjectProvider<RedisRegistryListener> listeners,
            ObjectProvider<ApplicationRedis> application) {
        this.sslBundles = sslBundles;
        this.listeners = listeners;
        this.application = application;
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public RegistryProvider registry(MonolithCacheProperties properties) {
        MonolithCacheProperties.Redis redis = properties.redis();
        RedisRegistrySettings settings = new RedisRegistrySettings(redis.namespace(), redis.lease(), redis.timeout());
        ApplicationRedis known = application.getIfAvailable();
        return new RedisRegistry(
                settings,
                redis.host() == null ? connections(known, redis) : connections(redis.host(), known, redis),
                new RedisRegistryListeners(listeners.orderedStream().toList()));
    }

    private static Supplier<LettuceConnectionFactory> connections(
            @Nullable ApplicationRedis application, MonolithCacheProperties.Redis redis) {
        if (application == null) {
            throw refused(
                    "monolith.cache.redis.host",
                    "is not set, and there is no connection of the application's own either: Spring Boot's module for"
                            + " Redis is not on the class path.",
                    "Set monolith.cache.redis.host, or add org.springframework.boot:spring-boot-starter-data-redis:"
                            + SpringBootVersion.getVersion() + " to the dependencies.");
        }
        return application.connections(redis.timeout());
    }

    private Supplier<LettuceConnectionFactory> connections(
            String host, @Nullable ApplicationRedis application, MonolithCacheProperties.Redis redis) {
        RedisStandaloneConfiguration where = new RedisStandaloneConfiguration(host, redis.port());
        where.setDatabase(redis.database());
        where.setUsername(redis.username());
        where.setPassword(RedisPassword.of(redis.password()));
        SslBundle ssl = ssl(redis.ssl());
        Consumer<ClientResources.Builder> resources = application == null ? builder -> {} : application.resources();
        return () -> {
            ClientOptions.Builder options = ClientOptions.builder();
            LettuceClientConfigurationBuilder how = LettuceClientConfiguration.builder();
            OwnConnectionFactory.use(ssl, how, options);
            OwnConnectionFactory.leaveWaitingToTheRegistry(options);
            how.clientOptions(options.build());
            return OwnConnectionFactory.make(where, how, resources, redis.timeout());
        };
    }

    private @Nullable SslBundle ssl(MonolithCacheProperties.Ssl ssl) {
        if (!ssl.isEnabled()) {
            return null;
        }
        String bundle = ssl.bundle();
        if (bundle == null) {
            return SslBundle.systemDefault();
        }
        SslBundles known = sslBundles.getIfAvailable(DefaultSslBundleRegistry::new);
        try {
            return known.getBundle(bundle);
        } catch (NoSuchSslBundleException unknown) {
            throw refused(
                    "monolith.cache.redis.ssl.bundle",
                    "is '" + bundle + "', but there is no such SSL bundle.",
                    "Define spring.ssl.bundle.*." + bundle + ", or set monolith.cache.redis.ssl.bundle to another.");
        }
    }

    private static InvalidCacheSettingsException refused(String property, String what, String action) {
        return new InvalidCacheSettingsException(
                List.of(new InvalidSetting(property, "The property '" + property + "' " + what, action)));
    }
}
