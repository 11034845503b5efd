// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.directory.CacheManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the meters {@code monolith.cache.*}, where Micrometer is and has a registry. */
@AutoConfiguration(
        after = MonolithCacheAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnSingleCandidate(CacheManager.class)
public final class CacheMetricsAutoConfiguration {

    @Bean
    CacheDirectoryMetrics monolithCacheDirectoryMetrics(ObjectProvider<CacheManager> manager) {
        return new CacheDirectoryMetrics(manager::getObject);
    }

    @Bean
    @ConditionalOnClass(name = "io.lettuce.core.RedisClient")
    CacheRedisMetrics monolithCacheRedisMetrics() {
        return new CacheRedisMetrics(System::nanoTime);
    }

    @Bean
    @ConditionalOnClass(name = "software.amazon.awssdk.services.s3.S3Client")
    CacheS3Metrics monolithCacheS3Metrics() {
        return new CacheS3Metrics();
    }
}
