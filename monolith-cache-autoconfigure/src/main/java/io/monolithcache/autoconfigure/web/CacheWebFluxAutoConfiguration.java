// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import io.monolithcache.autoconfigure.CacheScopesAutoConfiguration;
import io.monolithcache.autoconfigure.OneCacheScopes;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.web.reactive.CacheExchangeDecorator;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** Auto-configuration of exchanges as cache scopes, in a WebFlux application. */
@AutoConfiguration(after = CacheScopesAutoConfiguration.class)
@ConditionalOnClass(WebFluxConfigurer.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBean(CacheScopes.class)
public final class CacheWebFluxAutoConfiguration {

    @Bean
    @ConditionalOnSingleCandidate(CacheScopes.class)
    @ConditionalOnMissingBean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    CacheExchangeDecorator cacheExchangeDecorator(CacheScopes scopes) {
        return new CacheExchangeDecorator(scopes);
    }

    @Bean
    CacheWebFluxConfigurer cacheWebFluxConfigurer(BeanFactory beans) {
        return new CacheWebFluxConfigurer(new OneCacheScopes(beans));
    }
}
