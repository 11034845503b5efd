// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.store.Store;
import io.monolithcache.store.StoreBuilder;
import io.monolithcache.store.StoreListener;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the cache of files: one {@link Store}, unless the application has its own. It is opened on its
 * first use.
 */
@AutoConfiguration(after = MonolithCacheAutoConfiguration.class)
@ConditionalOnClass(Store.class)
// Not @ConditionalOnBooleanProperty, for which an empty value means false: an empty property counts as absent.
@ConditionalOnProperty(
        name = {"monolith.cache.enabled", "monolith.cache.files.enabled"},
        matchIfMissing = true)
@EnableConfigurationProperties(MonolithCacheProperties.class)
public final class CacheFilesAutoConfiguration {

    /**
     * Where files are kept on the local disk. Its creation only looks at the folder.
     *
     * @throws InvalidCacheSettingsException if the properties ask for what there is not, or the folder cannot be used
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Store fileCacheStore(
            MonolithCacheProperties properties, ApplicationContext context, ObjectProvider<StoreListener> listeners) {
        StoreBuilder builder = FileStoreSettings.builder(
                properties, context.getEnvironment().getProperty("spring.application.name"), context.getClassLoader());
        listeners.orderedStream().forEach(builder::listener);
        return FileStoreSettings.openOnFirstUse(builder, properties);
    }
}
