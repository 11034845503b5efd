// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.s3;

import io.monolithcache.autoconfigure.InvalidCacheSettingsException;
import io.monolithcache.autoconfigure.InvalidSetting;
import io.monolithcache.autoconfigure.MonolithCacheProperties;
import io.monolithcache.autoconfigure.StorageSource;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.s3.S3Place;
import io.monolithcache.directory.s3.S3Progress;
import io.monolithcache.directory.s3.S3RegistrySettings;
import io.monolithcache.directory.s3.S3Storage;
import io.monolithcache.directory.s3.S3TransferSettings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Makes the storage in S3 over the application's client. Whatever it needs of other beans it asks for when the manager
 * is made, and not later from another thread; and because the client is there before, it is closed after the manager.
 */
final class S3StorageSource implements StorageSource {

    private final ObjectProvider<S3Client> clients;
    private final ObjectProvider<S3Progress> progress;
    private final ObjectProvider<S3RequestListener> listeners;

    S3StorageSource(
            ObjectProvider<S3Client> clients,
            ObjectProvider<S3Progress> progress,
            ObjectProvider<S3RequestListener> listeners) {
        this.clients = clients;
        this.progress = progress;
        this.listeners = listeners;
    }

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public DirectoryBackend.Provider storage(MonolithCacheProperties properties) {
        MonolithCacheProperties.S3 s3 = properties.s3();
        S3Client found = find();
        if (found == null) {
            throw new InvalidCacheSettingsException(List.of(new InvalidSetting(
                    "monolith.cache.s3.path",
                    "The property 'monolith.cache.s3.path' asks for S3, but there is no bean of type S3Client.",
                    "Add io.awspring.cloud:spring-cloud-aws-starter-s3 to the dependencies, which makes one from"
                            + " spring.cloud.aws.* unless spring.cloud.aws.s3.enabled is false, or define one. What was"
                            + " processed ahead of time has one only if it had one then.")));
        }
        S3Client client = HeardClient.of(found, listeners.orderedStream().toList());
        List<S3Progress> told = progress.orderedStream().toList();
        S3TransferSettings transfers = S3TransferSettings.defaults()
                .withConnections(s3.connections())
                .withTimeout(s3.timeout())
                .withProgress((location, bytes, total) ->
                        told.forEach(listener -> listener.transferred(location, bytes, total)));
        return new S3Storage(
                () -> client,
                S3Place.of(Objects.requireNonNull(s3.path())),
                S3RegistrySettings.defaults().withLease(s3.lease()),
                transfers,
                s3.sweepInterval());
    }

    private @Nullable S3Client find() {
        try {
            return clients.getIfAvailable();
        } catch (NoUniqueBeanDefinitionException several) {
            throw new InvalidCacheSettingsException(List.of(new InvalidSetting(
                    "monolith.cache.s3.path",
                    "The property 'monolith.cache.s3.path' asks for S3, but there are several beans of type S3Client: "
                            + several.getBeanNamesFound() + ".",
                    "Make the one for caches @Primary.")));
        }
    }
}
