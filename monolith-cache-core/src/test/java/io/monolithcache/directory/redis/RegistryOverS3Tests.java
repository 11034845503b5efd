// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.s3.S3Place;
import io.monolithcache.directory.s3.S3Server;
import io.monolithcache.directory.s3.S3Storage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;

/** With directories in a bucket, which every owner may wipe. */
@Tag("long")
@ExtendWith(S3Server.Started.class)
class RegistryOverS3Tests extends RedisRegistryContract {

    @RegisterExtension
    static final StandaloneRedis redis = StandaloneRedis.bundled();

    private static S3Server server;
    private static S3Client client;

    RegistryOverS3Tests() {
        super(redis, 5);
    }

    @BeforeAll
    static void openClient(S3Server started) {
        server = started;
        client = started.client();
    }

    @AfterAll
    static void closeClient() {
        client.close();
    }

    @Override
    protected boolean looksAtStart() {
        return false;
    }

    @Override
    DirectoryBackend.Provider storage() {
        return new S3Storage(() -> client, new S3Place(server.bucket(), "caches/"));
    }
}
