// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import io.monolithcache.autoconfigure.CacheScopesAutoConfiguration;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.web.CacheRequestFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** Auto-configuration of requests as cache scopes, in a servlet application, whatever its web framework. */
@AutoConfiguration(after = CacheScopesAutoConfiguration.class)
@ConditionalOnClass(Filter.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnSingleCandidate(CacheScopes.class)
@ConditionalOnMissingBean(value = CacheRequestFilter.class, parameterizedContainer = FilterRegistrationBean.class)
public final class CacheServletAutoConfiguration {

    /** The outermost filter: what others do on their way out still happens in the scope. */
    @Bean
    FilterRegistrationBean<CacheRequestFilter> cacheRequestFilter(CacheScopes scopes) {
        FilterRegistrationBean<CacheRequestFilter> registration =
                new FilterRegistrationBean<>(new CacheRequestFilter(scopes));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.setDispatcherTypes(
                DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.INCLUDE);
        return registration;
    }
}
