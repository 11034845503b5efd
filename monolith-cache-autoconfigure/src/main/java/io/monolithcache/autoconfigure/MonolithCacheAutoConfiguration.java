// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheInstrumentation;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheManagerBuilder;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.RegistryStatus;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of cache directories: one {@link CacheManager}, unless the application has its own.
 *
 * <p>Which storage and which registry it uses is decided when the bean is created, in Java, from the properties of that
 * run. A bean that is conditional on a property would be frozen by ahead-of-time processing: an application built
 * without Redis and started with it would silently keep its references in files.
 */
@AutoConfiguration
@ConditionalOnClass(CacheManager.class)
// Not @ConditionalOnBooleanProperty, for which an empty value means false: an empty property counts as absent.
@ConditionalOnProperty(name = "monolith.cache.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MonolithCacheProperties.class)
@ImportRuntimeHints(MonolithCacheProperties.Hints.class)
public final class MonolithCacheAutoConfiguration {

    /**
     * The application's cache manager. Its creation only looks at the root; destroying it releases what it holds. Beans
     * are destroyed after every lifecycle phase has stopped, so the web server has drained its requests by then.
     *
     * @throws InvalidCacheSettingsException if the properties ask for what there is not, or contradict each other
     * @throws CacheRootException if the root cannot be used
     * @throws CacheBackendException if the registry does not answer, and {@code monolith.cache.redis.fail-fast} is true
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    CacheManager monolithCacheManager(
            MonolithCacheProperties properties,
            Environment environment,
            ObjectProvider<CacheInstrumentation> instrumentation,
            ObjectProvider<CacheListener> listeners,
            ObjectProvider<RegistrySource> registries,
            ObjectProvider<StorageSource> storages) {
        CacheManagerBuilder builder = CacheSettings.builder(
                properties,
                registries.orderedStream().toList(),
                storages.orderedStream().toList());
        builder.applicationName(environment.getProperty("spring.application.name"));
        instrumentation.ifAvailable(builder::instrumentation);
        listeners.orderedStream().forEach(builder::listener);
        CacheManager manager = builder.build();
        if (properties.redis().failFast()) {
            requireRegistry(manager);
        }
        return manager;
    }

    private static void requireRegistry(CacheManager manager) {
        try {
            for (String storage : manager.storages()) {
                RegistryStatus unused = manager.registryStatus(storage);
            }
        } catch (CacheBackendException failure) {
            manager.close();
            throw failure;
        }
    }

    /** Tells {@code @EventListener} methods what the manager does. */
    @Bean
    CacheEventPublisher monolithCacheEventPublisher(ApplicationContext context) {
        return new CacheEventPublisher(context);
    }
}
