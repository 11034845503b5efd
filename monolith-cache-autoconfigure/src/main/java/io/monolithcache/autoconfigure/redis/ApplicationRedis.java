// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.resource.ClientResources;
import io.monolithcache.autoconfigure.InvalidCacheSettingsException;
import io.monolithcache.autoconfigure.InvalidSetting;
import io.monolithcache.directory.CacheRegistryException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.StringUtils;

/**
 * What the application's own connection is made of: Boot's connection details, its properties where the details do not
 * say, and the application's customizers. Boot's own way from these to a factory is not public, so it is gone again
 * here; what it does not take over: pools, and reading from replicas, since the registry writes with every command.
 */
final class ApplicationRedis {

    private final ObjectProvider<DataRedisConnectionDetails> details;
    private final ObjectProvider<DataRedisProperties> properties;
    private final ObjectProvider<ClientResourcesBuilderCustomizer> resources;
    private final ObjectProvider<LettuceClientOptionsBuilderCustomizer> options;
    private final ObjectProvider<LettuceClientConfigurationBuilderCustomizer> configurations;

    ApplicationRedis(
            ObjectProvider<DataRedisConnectionDetails> details,
            ObjectProvider<DataRedisProperties> properties,
            ObjectProvider<ClientResourcesBuilderCustomizer> resources,
            ObjectProvider<LettuceClientOptionsBuilderCustomizer> options,
            ObjectProvider<LettuceClientConfigurationBuilderCustomizer> configurations) {
        this.details = details;
        this.properties = properties;
        this.resources = resources;
        this.options = options;
        this.configurations = configurations;
    }

    /** What binds Lettuce's own metrics and traces, among others. */
    Consumer<ClientResources.Builder> resources() {
        List<ClientResourcesBuilderCustomizer> customizers =
                resources.orderedStream().toList();
        return builder -> customizers.forEach(customizer -> customizer.customize(builder));
    }

    /**
     * Connections as the application has them.
     *
     * <p>A slice of a test has no details: then it starts all the same, and only what needs Redis fails.
     *
     * @throws InvalidCacheSettingsException if that cannot be
     */
    Supplier<LettuceConnectionFactory> connections(Duration timeout) {
        DataRedisConnectionDetails known = details.getIfAvailable();
        if (known == null) {
            return () -> {
                throw new CacheRegistryException(
                        "There is no connection of the application's own to Redis: no bean of type"
                                + " DataRedisConnectionDetails.",
                        "Set monolith.cache.redis.host, do not exclude DataRedisAutoConfiguration, or set"
                                + " monolith.cache.redis.enabled to false.",
                        null);
            };
        }
        if (known.getMasterReplica() != null) {
            throw new InvalidCacheSettingsException(List.of(new InvalidSetting(
                    "monolith.cache.redis.host",
                    "The property 'monolith.cache.redis.host' is not set, and the application's own connection is to a"
                            + " fixed master and its replicas, where it is not known who may be written to after a"
                            + " failover.",
                    "Set monolith.cache.redis.host to the master, or use Sentinel (spring.data.redis.sentinel.*).")));
        }
        DataRedisProperties settings = properties.getIfAvailable(DataRedisProperties::new);
        Consumer<ClientResources.Builder> others = resources();
        List<LettuceClientOptionsBuilderCustomizer> optionsCustomizers =
                options.orderedStream().toList();
        List<LettuceClientConfigurationBuilderCustomizer> customizers =
                configurations.orderedStream().toList();
        return () -> {
            LettuceClientConfigurationBuilder how = LettuceClientConfiguration.builder();
            ClientOptions.Builder clientOptions = options(known, settings);
            OwnConnectionFactory.use(known.getSslBundle(), how, clientOptions);
            String url = settings.getUrl();
            if (url != null && url.toLowerCase(Locale.ROOT).startsWith("rediss:")) {
                how.useSsl();
            }
            if (StringUtils.hasText(settings.getClientName())) {
                how.clientName(settings.getClientName());
            }
            optionsCustomizers.forEach(customizer -> customizer.customize(clientOptions));
            OwnConnectionFactory.leaveWaitingToTheRegistry(clientOptions);
            how.clientOptions(clientOptions.build());
            customizers.forEach(customizer -> customizer.customize(how));
            return OwnConnectionFactory.make(RedisPlaces.of(known, settings), how, others, timeout);
        };
    }

    private static ClientOptions.Builder options(DataRedisConnectionDetails details, DataRedisProperties settings) {
        if (details.getCluster() == null) {
            return ClientOptions.builder();
        }
        DataRedisProperties.Lettuce.Cluster.Refresh refresh =
                settings.getLettuce().getCluster().getRefresh();
        ClusterTopologyRefreshOptions.Builder topology =
                ClusterTopologyRefreshOptions.builder().dynamicRefreshSources(refresh.isDynamicRefreshSources());
        Duration period = refresh.getPeriod();
        if (period != null) {
            topology.enablePeriodicRefresh(period);
        }
        return ClusterClientOptions.builder().topologyRefreshOptions(topology.build());
    }
}
