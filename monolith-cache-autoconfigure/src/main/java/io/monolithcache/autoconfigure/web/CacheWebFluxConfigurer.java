// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import io.monolithcache.web.reactive.CacheDirectoryArgumentResolver;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/** Comes last, so that an application's own resolver is asked first. */
@Order(Ordered.LOWEST_PRECEDENCE)
final class CacheWebFluxConfigurer implements WebFluxConfigurer {

    @Override
    public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
        configurer.addCustomResolver(new CacheDirectoryArgumentResolver());
    }
}
