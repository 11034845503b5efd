// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheManagerBuilder;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.redis.RedisRegistry;
import io.monolithcache.directory.redis.RedisRegistrySettings;
import io.monolithcache.directory.redis.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A store that looks whether there is an object, and then writes one: of several writers, several pass. */
@Timeout(120)
class RefusedStoreTests {

    private static final S3Place PLACE = S3Place.of("s3://caches/here");

    @TempDir
    Path folder;

    private CacheManagerBuilder builder(S3Client client) {
        return CacheManager.builder()
                .root(folder.resolve("root"))
                .storage(new S3Storage(() -> client, PLACE))
                .defaultStorage("s3");
    }

    @Test
    void itIsRefusedWhateverKeepsTheReferences() throws Exception {
        try (S3MockServer server = S3MockServer.start(Files.createDirectory(folder.resolve("server")));
                RedisServer redis = RedisServer.start(folder);
                S3Client client = server.client()) {
            var unused = client.createBucket(request -> request.bucket(PLACE.bucket()));

            assertRefused(builder(client), client);
            assertRefused(
                    builder(client)
                            .registry(new RedisRegistry(
                                    RedisRegistrySettings.defaults(),
                                    () -> new LettuceConnectionFactory("127.0.0.1", redis.port()))),
                    client);
        }
    }

    /** By the first directory, and it stays as it was. */
    private static void assertRefused(CacheManagerBuilder builder, S3Client client) {
        try (CacheManager manager = builder.build()) {
            assertThatExceptionOfType(CacheRootException.class)
                    .isThrownBy(manager::create)
                    .withMessageContaining("If-None-Match")
                    .withMessageContaining("at the same time")
                    .withMessageContaining(PLACE.toString())
                    .withMessageContaining("monolith.cache.redis.host");
        }
        assertThat(client.listObjectsV2(request -> request.bucket(PLACE.bucket()))
                        .contents())
                .extracting(S3Object::key)
                .isEmpty();
    }
}
