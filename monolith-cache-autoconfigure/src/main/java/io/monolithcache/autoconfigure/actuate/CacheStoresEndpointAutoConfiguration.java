// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.autoconfigure.CacheFilesAutoConfiguration;
import io.monolithcache.store.Store;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the endpoint {@code cachestores}, where the actuator is and exposes it. */
@AutoConfiguration(after = CacheFilesAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(CacheStoresEndpoint.class)
@EnableConfigurationProperties(CacheStoresEndpointProperties.class)
public final class CacheStoresEndpointAutoConfiguration {

    /** All stores of the application, also those of its own. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(Store.class)
    CacheStoresEndpoint cacheStoresEndpoint(ListableBeanFactory beans, CacheStoresEndpointProperties properties) {
        return new CacheStoresEndpoint(CacheStoreNames.of(beans), properties.showValues());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(CacheStoresEndpoint.class)
    @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
    CacheStoresEndpointWebExtension cacheStoresEndpointWebExtension(
            CacheStoresEndpoint endpoint, CacheStoresEndpointProperties properties) {
        return new CacheStoresEndpointWebExtension(endpoint, properties.showValues(), properties.roles());
    }
}
