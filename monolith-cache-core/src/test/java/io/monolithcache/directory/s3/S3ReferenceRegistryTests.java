// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.ReferenceRegistryContract;
import io.monolithcache.directory.RegistryOwners;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.S3Client;

/** The whole contract, and the six rules, over a real S3. */
@ExtendWith(S3Server.Started.class)
@Timeout(120)
class S3ReferenceRegistryTests extends ReferenceRegistryContract {

    private static S3Client client;
    private static String bucket;

    private S3Owners owners;

    @BeforeAll
    static void takeBucket(S3Server started) {
        client = started.client();
        bucket = started.bucket();
    }

    @AfterAll
    static void closeClient() {
        client.close();
    }

    @BeforeEach
    void openOwners() {
        owners = new S3Owners(client, S3Place.of("s3://" + bucket + "/" + UUID.randomUUID()));
    }

    @Override
    protected boolean looksAtStart() {
        return false;
    }

    @Override
    protected int rounds() {
        return 10;
    }

    @Override
    protected RegistryOwners owners() {
        return owners;
    }
}
