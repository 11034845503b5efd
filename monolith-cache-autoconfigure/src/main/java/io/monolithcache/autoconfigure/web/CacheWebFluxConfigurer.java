// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import io.monolithcache.scope.CacheScopes;
import io.monolithcache.web.reactive.CacheDirectoryArgumentResolver;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/** Comes last, so that an application's own resolver is asked first. */
@Order(Ordered.LOWEST_PRECEDENCE)
final class CacheWebFluxConfigurer implements WebFluxConfigurer {

    private final Supplier<CacheScopes> scopes;

    CacheWebFluxConfigurer(Supplier<CacheScopes> scopes) {
        this.scopes = scopes;
    }

    @Override
    public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
        configurer.addCustomResolver(new CacheDirectoryArgumentResolver(scopes));
    }
}
