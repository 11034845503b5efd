// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import io.lettuce.core.RedisClient;
import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.directory.redis.RedisRegistryListener;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Auto-configuration of what {@link MonolithCacheAutoConfiguration} needs to keep references in Redis, if the
 * properties of the run ask for that. None of its beans is of a type that Boot, or an application, asks for.
 */
@AutoConfiguration(before = MonolithCacheAutoConfiguration.class)
@ConditionalOnClass({LettuceConnectionFactory.class, RedisClient.class})
@ConditionalOnProperty(name = "monolith.cache.enabled", matchIfMissing = true)
public final class CacheRedisAutoConfiguration {

    @Bean
    RedisRegistrySource monolithCacheRedisRegistrySource(
            ObjectProvider<SslBundles> sslBundles,
            ObjectProvider<RedisRegistryListener> listeners,
            ObjectProvider<ApplicationRedis> application) {
        return new RedisRegistrySource(sslBundles, listeners, application);
    }

    /** Only with Boot's own module for Redis. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DataRedisConnectionDetails.class)
    static class WithBootsRedis {

        @Bean
        ApplicationRedis monolithCacheApplicationRedis(
                ObjectProvider<DataRedisConnectionDetails> details,
                ObjectProvider<DataRedisProperties> properties,
                ObjectProvider<ClientResourcesBuilderCustomizer> resources,
                ObjectProvider<LettuceClientOptionsBuilderCustomizer> options,
                ObjectProvider<LettuceClientConfigurationBuilderCustomizer> configurations) {
            return new ApplicationRedis(details, properties, resources, options, configurations);
        }
    }
}
