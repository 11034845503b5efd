// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheBeanScope;
import io.monolithcache.scope.CacheScopeTaskDecorator;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.InCacheScopeBeanPostProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;

/**
 * Auto-configuration of cache scopes, over the application's one {@link CacheManager}: {@link CacheScopes}, the scope
 * of {@link io.monolithcache.scope.CacheScope} beans, methods with {@link io.monolithcache.scope.InCacheScope}, the
 * directory of the innermost scope, and tasks that hold the scope in which they are handed over.
 */
@AutoConfiguration(after = MonolithCacheAutoConfiguration.class)
@ConditionalOnClass(CacheScopes.class)
@ConditionalOnProperty(name = "monolith.cache.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(CacheManager.class)
public final class CacheScopesAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    CacheScopes cacheScopes(CacheManager manager) {
        return new CacheScopes(manager);
    }

    /** Unless the application has a scope of that name. Asks for no bean yet: none but this one can be made now. */
    @Bean
    static BeanFactoryPostProcessor monolithCacheScopeRegistrar() {
        return factory -> {
            if (factory.getRegisteredScope(CacheBeanScope.NAME) == null) {
                ObjectProvider<CacheScopes> scopes = factory.getBeanProvider(CacheScopes.class);
                factory.registerScope(CacheBeanScope.NAME, new CacheBeanScope(scopes::getObject));
            }
        };
    }

    /** Processors of a parent context do not see the beans of this one. */
    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    static InCacheScopeBeanPostProcessor monolithCacheScopePostProcessor(ObjectProvider<CacheScopes> scopes) {
        return new InCacheScopeBeanPostProcessor(scopes::getObject);
    }

    /** A directory of the application's own is injected rather than this one. */
    @Bean(destroyMethod = "")
    @Fallback
    CacheDirectory monolithCacheScopeDirectory(CacheScopes scopes) {
        return scopes.directory();
    }

    /**
     * Boot composes all decorators, so this one joins those of the application, and steps back where one is injected.
     * Needs no bean, so that executors depend on none of ours.
     */
    @Bean
    @Fallback
    @ConditionalOnMissingBean
    CacheScopeTaskDecorator monolithCacheScopeTaskDecorator() {
        return new CacheScopeTaskDecorator();
    }
}
