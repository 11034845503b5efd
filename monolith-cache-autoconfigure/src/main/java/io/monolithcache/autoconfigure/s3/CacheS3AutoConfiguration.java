// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.s3;

import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.directory.s3.S3Progress;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Auto-configuration of what {@link MonolithCacheAutoConfiguration} needs to keep directories in S3, if the properties
 * of the run ask for that. The client is not asked for unless they do, since to make one needs a region.
 */
@AutoConfiguration(before = MonolithCacheAutoConfiguration.class)
@ConditionalOnClass(S3Client.class)
@ConditionalOnProperty(name = "monolith.cache.enabled", matchIfMissing = true)
public final class CacheS3AutoConfiguration {

    @Bean
    S3StorageSource monolithCacheS3StorageSource(
            ObjectProvider<S3Client> clients,
            ObjectProvider<S3Progress> progress,
            ObjectProvider<S3RequestListener> listeners) {
        return new S3StorageSource(clients, progress, listeners);
    }
}
