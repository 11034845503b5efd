// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.RegistryProvider;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Cache directories in a bucket, beside those on the local disk:
 *
 * <pre>{@code
 * CacheManager manager = CacheManager.builder()
 *     .storage(new S3Storage(() -> client, S3Place.of("s3://bucket/prefix")))
 *     .defaultStorage("s3")
 *     .build();
 * }</pre>
 *
 * <p>The bucket itself keeps the references, unless the builder has another registry.
 */
public final class S3Storage implements DirectoryBackend.Provider {

    static final String NAME = "s3";

    private final Supplier<S3Client> client;
    private final S3Place place;
    private final S3RegistrySettings registry;
    private final S3TransferSettings transfers;
    private final Duration sweepInterval;

    /** With the default settings, and a sweep every five minutes. */
    public S3Storage(Supplier<S3Client> client, S3Place place) {
        this(client, place, S3RegistrySettings.defaults(), S3TransferSettings.defaults(), Duration.ofMinutes(5));
    }

    /**
     * @param client asked for each request, and always for the same one; closed by whoever gives it
     * @param registry for references that are kept in the bucket; of no meaning with another registry
     * @param sweepInterval how often what the dead left in the bucket is looked for; zero for never
     */
    public S3Storage(
            Supplier<S3Client> client,
            S3Place place,
            S3RegistrySettings registry,
            S3TransferSettings transfers,
            Duration sweepInterval) {
        this.client = client;
        this.place = place;
        this.registry = registry;
        this.transfers = transfers;
        this.sweepInterval = sweepInterval;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DirectoryBackend open(DirectoryBackend.Settings settings) {
        S3Objects objects = new S3Objects(client, place, transfers.timeout());
        RegistryProvider other = settings.registry();
        return other == null ? openBoth(objects, settings) : open(objects, settings, other);
    }

    /** With the references elsewhere. */
    private DirectoryBackend open(S3Objects objects, DirectoryBackend.Settings settings, RegistryProvider registry) {
        S3DirectoryStorage storage = new S3DirectoryStorage(
                objects,
                root(objects, registry.name(), registry.namespace()),
                new MetadataChain(objects, OwnClock.ofTheSystem()),
                transfers,
                settings.scratch());
        return new DirectoryBackend(storage, registry.open(storage, settings.clock()), sweepInterval);
    }

    /** Whatever keeps the references, of two who change the metadata one has to be refused. */
    private static S3Root root(S3Objects objects, String registry, @Nullable String namespace) {
        return new S3Root(objects, registry, namespace, new ConditionalWriteProbe(objects)::requireConditionalWrites);
    }

    /** With the references in the bucket, whose states have the metadata in them. */
    private DirectoryBackend openBoth(S3Objects objects, DirectoryBackend.Settings settings) {
        OwnClock elapsed = OwnClock.ofTheSystem();
        StateChain states = new StateChain(objects, elapsed, registry.guard());
        S3DirectoryStorage storage = new S3DirectoryStorage(
                objects,
                root(objects, S3ReferenceRegistry.NAME, null),
                new StateCaches(objects, states),
                transfers,
                settings.scratch());
        S3ReferenceRegistry references = new S3ReferenceRegistry(
                objects, registry, states, storage, storage::deleteData, settings.clock(), elapsed);
        return new DirectoryBackend(storage, references, sweepInterval);
    }
}
