// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import io.monolithcache.scope.CacheScopes;
import io.monolithcache.web.CacheDirectoryArgumentResolver;
import io.monolithcache.web.CacheScopeCallableInterceptor;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.AsyncSupportConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Comes last, so that an application's own resolver is asked first. */
@Order(Ordered.LOWEST_PRECEDENCE)
final class CacheWebMvcConfigurer implements WebMvcConfigurer {

    private final Supplier<CacheScopes> scopes;

    CacheWebMvcConfigurer(Supplier<CacheScopes> scopes) {
        this.scopes = scopes;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CacheDirectoryArgumentResolver(scopes));
    }

    @Override
    public void configureAsyncSupport(AsyncSupportConfigurer configurer) {
        configurer.registerCallableInterceptors(new CacheScopeCallableInterceptor());
    }
}
