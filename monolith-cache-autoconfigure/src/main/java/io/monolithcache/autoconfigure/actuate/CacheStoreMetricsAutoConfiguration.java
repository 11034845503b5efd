// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import io.monolithcache.autoconfigure.CacheFilesAutoConfiguration;
import io.monolithcache.store.Store;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the meters of stores, {@code cache.*} and {@code monolith.cache.store.*}. */
@AutoConfiguration(
        after = CacheFilesAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({MeterRegistry.class, Store.class})
public final class CacheStoreMetricsAutoConfiguration {

    @Bean
    CacheStoreMetrics monolithCacheStoreMetrics(ListableBeanFactory beans) {
        return new CacheStoreMetrics(() -> CacheStoreNames.of(beans));
    }
}
