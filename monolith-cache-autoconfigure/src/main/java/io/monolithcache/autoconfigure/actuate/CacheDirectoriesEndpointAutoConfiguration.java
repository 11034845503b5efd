// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.directory.CacheManager;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the endpoint {@code cachedirectories}, where the actuator is and exposes it. */
@AutoConfiguration(after = MonolithCacheAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(CacheDirectoriesEndpoint.class)
@EnableConfigurationProperties(CacheDirectoriesEndpointProperties.class)
public final class CacheDirectoriesEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(CacheManager.class)
    CacheDirectoriesEndpoint cacheDirectoriesEndpoint(
            CacheManager manager, CacheDirectoriesEndpointProperties properties) {
        return new CacheDirectoriesEndpoint(manager, properties.showValues());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(CacheDirectoriesEndpoint.class)
    @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
    CacheDirectoriesEndpointWebExtension cacheDirectoriesEndpointWebExtension(
            CacheDirectoriesEndpoint endpoint, CacheDirectoriesEndpointProperties properties) {
        return new CacheDirectoriesEndpointWebExtension(endpoint, properties.showValues(), properties.roles());
    }
}
