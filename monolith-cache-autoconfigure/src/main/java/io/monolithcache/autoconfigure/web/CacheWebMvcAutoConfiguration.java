// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import io.monolithcache.autoconfigure.CacheScopesAutoConfiguration;
import io.monolithcache.autoconfigure.OneCacheScopes;
import io.monolithcache.scope.CacheScopes;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Auto-configuration of the {@code CacheDirectory} argument, and of the threads that Spring MVC starts. */
@AutoConfiguration(after = CacheScopesAutoConfiguration.class)
@ConditionalOnClass(WebMvcConfigurer.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(CacheScopes.class)
public final class CacheWebMvcAutoConfiguration {

    @Bean
    CacheWebMvcConfigurer cacheWebMvcConfigurer(BeanFactory beans) {
        return new CacheWebMvcConfigurer(new OneCacheScopes(beans));
    }
}
