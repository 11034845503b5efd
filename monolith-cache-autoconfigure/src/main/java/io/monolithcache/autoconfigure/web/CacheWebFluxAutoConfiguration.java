// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import io.monolithcache.autoconfigure.CacheScopesAutoConfiguration;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.web.reactive.CacheExchangeDecorator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** Auto-configuration of exchanges as cache scopes, in a WebFlux application. */
@AutoConfiguration(after = CacheScopesAutoConfiguration.class)
@ConditionalOnClass(WebFluxConfigurer.class)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnSingleCandidate(CacheScopes.class)
public final class CacheWebFluxAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    CacheExchangeDecorator cacheExchangeDecorator(CacheScopes scopes) {
        return new CacheExchangeDecorator(scopes);
    }

    @Bean
    CacheWebFluxConfigurer cacheWebFluxConfigurer() {
        return new CacheWebFluxConfigurer();
    }
}
