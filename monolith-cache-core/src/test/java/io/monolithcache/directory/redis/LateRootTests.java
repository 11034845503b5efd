// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.CacheRootException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A manager that only looks, at a root that others make after it has begun to. */
@Tag("long")
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoOnlyLooksSweepsWhatOthersLeave(boolean inRedis) {
        try (CacheManager looking = manager(inRedis)) {
            assertThat(looking.list(null, 10)).isEmpty();
            CacheId left;
            try (CacheManager leaving = manager(inRedis)) {
                CacheDirectory made = leaving.create();
                left = made.id();
                // when it ends, nobody else is there to sweep
                made.lock(Duration.ofSeconds(10));
            }
            assertThat(looking.list(null, 10)).extracting(CacheDescription::id).containsExactly(left);

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !Files.exists(
                            root.resolve("shared/monolith-cache/caches").resolve(left.value())));
        }
    }

    @Test
    void aRootThatFilesKeepMeanwhileIsRefused() {
        try (CacheManager looking = manager();
                CacheManager making = manager();
                CacheManager files = files(root.resolve("files"));
                CacheManager lookingAtFiles = manager(root.resolve("files"))) {
            assertThat(looking.list(null, 10)).isEmpty();
            CacheDirectory made = making.create();
            files.create();

            assertThatExceptionOfType(CacheRootException.class)
                    .isThrownBy(() -> lookingAtFiles.find(made.id()))
                    .withMessageContaining("is kept by the registry 'file'");
        }
    }

    private CacheManager manager(boolean inRedis) {
        return inRedis ? manager() : files(root.resolve("shared"));
    }

    private CacheManager manager() {
        return manager(root.resolve("shared"));
    }

    private static CacheManager files(Path place) {
        return CacheManager.builder()
                .root(place)
                .sweepInterval(Duration.ofMillis(100))
                .build();
    }

    private static CacheManager manager(Path place) {
        return CacheManager.builder()
                .root(place)
                .sweepInterval(Duration.ofMillis(100))
                .registry(new RedisRegistry(
                        RedisRegistrySettings.defaults(),
                        () -> new LettuceConnectionFactory("127.0.0.1", server.port())))
                .build();
    }
}
