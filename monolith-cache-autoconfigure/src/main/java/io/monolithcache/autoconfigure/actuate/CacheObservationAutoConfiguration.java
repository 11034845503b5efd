// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.micrometer.observation.ObservationRegistry;
import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.directory.CacheInstrumentation;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the observations {@code monolith.cache.*}, where there is a registry of observations. */
@AutoConfiguration(
        after = MonolithCacheAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
public final class CacheObservationAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(CacheInstrumentation.class)
    CacheObservations monolithCacheObservations(ObservationRegistry registry) {
        return new CacheObservations(registry);
    }
}
