// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.scope.CacheBeanScope;
import io.monolithcache.scope.CacheScopeTaskDecorator;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.InCacheScopeBeanPostProcessor;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.util.function.SingletonSupplier;

/**
 * Auto-configuration of cache scopes, over the application's one {@link CacheManager}: {@link CacheScopes}, the scope
 * of {@link io.monolithcache.scope.CacheScope} beans, methods with {@link io.monolithcache.scope.InCacheScope}, the
 * directory of the innermost scope, and tasks that hold the scope in which they are handed over.
 *
 * <p>Of several {@link CacheScopes} the primary one counts. Where none is primary, the application starts, and who
 * needs the one at run time is told.
 */
@AutoConfiguration(after = MonolithCacheAutoConfiguration.class)
@ConditionalOnClass(CacheScopes.class)
@ConditionalOnProperty(name = "monolith.cache.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MonolithCacheProperties.class)
public final class CacheScopesAutoConfiguration {

    private static final String STORAGE = "monolith.cache.scopes.storage";

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(CacheManager.class)
    CacheScopes cacheScopes(CacheManager manager, MonolithCacheProperties properties) {
        String storage = properties.scopes().storage();
        if (storage == null) {
            return new CacheScopes(manager);
        }
        if (!manager.storages().contains(storage)) {
            throw new InvalidCacheSettingsException(List.of(new InvalidSetting(
                    STORAGE,
                    "The property '" + STORAGE + "' is '" + storage + "', but there is only '"
                            + String.join("' and '", manager.storages()) + "'.",
                    "Set " + STORAGE + " to one of them, or remove it.")));
        }
        return new CacheScopes(manager, CacheOptions.defaults().storage(storage));
    }

    /** Unless the application has a scope of that name. Asks for no bean yet: none but this one can be made now. */
    @Bean
    @ConditionalOnBean(CacheScopes.class)
    static BeanFactoryPostProcessor monolithCacheScopeRegistrar() {
        return factory -> {
            if (factory.getRegisteredScope(CacheBeanScope.NAME) == null) {
                factory.registerScope(CacheBeanScope.NAME, new CacheBeanScope(new OneCacheScopes(factory)));
            }
        };
    }

    /** Processors of a parent context do not see the beans of this one. */
    @Bean
    @ConditionalOnBean(CacheScopes.class)
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    static InCacheScopeBeanPostProcessor monolithCacheScopePostProcessor(BeanFactory beans) {
        return new InCacheScopeBeanPostProcessor(new OneCacheScopes(beans));
    }

    /** A directory of the application's own is injected rather than this one. */
    @Bean(destroyMethod = "")
    @Fallback
    @ConditionalOnBean(CacheScopes.class)
    CacheDirectory monolithCacheScopeDirectory(BeanFactory beans) {
        return CacheScopes.directoryOf(SingletonSupplier.of(new OneCacheScopes(beans)));
    }

    /**
     * Boot composes all decorators, so this one joins those of the application, and steps back where one is injected.
     * Needs no bean, so that executors depend on none of ours.
     */
    @Bean
    @Fallback
    @ConditionalOnBean(CacheScopes.class)
    @ConditionalOnMissingBean
    CacheScopeTaskDecorator monolithCacheScopeTaskDecorator() {
        return new CacheScopeTaskDecorator();
    }
}
