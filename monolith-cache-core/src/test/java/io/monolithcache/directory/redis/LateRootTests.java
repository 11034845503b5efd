// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.CacheRootException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A manager that only looks, at a root that others make after it has begun to. */
@Timeout(120)
class LateRootTests {

    @TempDir
    static Path folder;

    private static RedisServer server;

    @TempDir
    Path root;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder);
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @Test
    void whoOnlyLooksSeesTheMetadataOfWhatOthersMake() {
        try (CacheManager looking = manager();
                CacheManager making = manager()) {
            assertThat(looking.list(null, 10)).isEmpty();

            CacheDirectory made = making.create(CacheOptions.defaults().metadata("name", "first"));

            assertThat(looking.find(made.id()).orElseThrow().metadata()).containsEntry("name", "first");
            assertThat(looking.list(null, 10))
                    .extracting(cache -> cache.metadata().get("name"))
                    .containsExactly("first");
            try (Stream<CacheDescription> all = looking.list()) {
                assertThat(all).extracting(CacheDescription::location).containsExactly(made.location());
            }
        }
    }

    @Test
    void aRootThatFilesKeepMeanwhileIsRefused() {
        try (CacheManager looking = manager();
                CacheManager making = manager();
                CacheManager files =
                        CacheManager.builder().root(root.resolve("files")).build();
                CacheManager lookingAtFiles = manager(root.resolve("files"))) {
            assertThat(looking.list(null, 10)).isEmpty();
            CacheDirectory made = making.create();
            files.create();

            assertThatExceptionOfType(CacheRootException.class)
                    .isThrownBy(() -> lookingAtFiles.find(made.id()))
                    .withMessageContaining("is kept by the registry 'file'");
        }
    }

    private CacheManager manager() {
        return manager(root.resolve("shared"));
    }

    private static CacheManager manager(Path place) {
        return CacheManager.builder()
                .root(place)
                .registry(new RedisRegistry(
                        RedisRegistrySettings.defaults(),
                        () -> new LettuceConnectionFactory("127.0.0.1", server.port())))
                .build();
    }
}
