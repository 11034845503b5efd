// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.autoconfigure.CacheFilesAutoConfiguration;
import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.autoconfigure.MonolithCacheProperties;
import io.monolithcache.directory.CacheManager;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the health {@code monolithCache}, where Boot's health is. */
@AutoConfiguration(
        after = {MonolithCacheAutoConfiguration.class, CacheFilesAutoConfiguration.class},
        beforeName = "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration")
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("monolith-cache")
@ConditionalOnSingleCandidate(CacheManager.class)
@EnableConfigurationProperties(MonolithCacheProperties.class)
public final class CacheHealthAutoConfiguration {

    /** Less than what load balancers wait for an answer. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

    @Bean
    LastSweep monolithCacheLastSweep() {
        return new LastSweep(Clock.systemUTC());
    }

    @Bean
    @ConditionalOnMissingBean(name = {"monolithCacheHealthIndicator", "monolithCacheHealthContributor"})
    CacheHealthIndicator monolithCacheHealthIndicator(
            CacheManager manager, MonolithCacheProperties properties, LastSweep lastSweep, ListableBeanFactory beans) {
        List<StorageLook> looks = manager.storages().stream()
                .map(name -> new StorageLook(manager, name, properties.local().minFreeSpace(), LONGEST_LOOK))
                .toList();
        List<StoreLook> stores = new ArrayList<>();
        CacheStoreNames.of(beans).forEach((name, store) -> stores.add(new StoreLook(name, store, LONGEST_LOOK)));
        return new CacheHealthIndicator(looks, lastSweep, stores);
    }
}
