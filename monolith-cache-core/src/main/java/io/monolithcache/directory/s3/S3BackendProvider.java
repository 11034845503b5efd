// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.RegistryProvider;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;

/** Internal: opens directories in a bucket, whose references a registry elsewhere keeps. */
public final class S3BackendProvider implements DirectoryBackend.Provider {

    private final Supplier<S3Client> client;
    private final S3Place place;
    private final S3TransferSettings transfers;

    /** @param client asked at first use and later, for the same one; closed by whoever gives it */
    public S3BackendProvider(Supplier<S3Client> client, S3Place place, S3TransferSettings transfers) {
        this.client = client;
        this.place = place;
        this.transfers = transfers;
    }

    /** @throws IllegalArgumentException if no registry is given */
    @Override
    public DirectoryBackend open(DirectoryBackend.Settings settings) {
        RegistryProvider registry = settings.registry();
        if (registry == null) {
            throw new IllegalArgumentException("Directories in " + place + " need a registry");
        }
        S3Objects objects = new S3Objects(client, place, transfers.timeout());
        DirectoryStorage storage = new S3DirectoryStorage(
                objects, registry.name(), new MetadataChain(objects, System::nanoTime), transfers);
        return new DirectoryBackend(storage, registry.open(storage, settings.clock()));
    }
}
