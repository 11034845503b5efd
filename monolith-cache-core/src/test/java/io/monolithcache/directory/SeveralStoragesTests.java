// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.monolithcache.directory.redis.RedisRegistry;
import io.monolithcache.directory.redis.RedisRegistrySettings;
import io.monolithcache.directory.redis.RedisServer;
import io.monolithcache.directory.redis.TcpProxy;
import io.monolithcache.directory.s3.S3Place;
import io.monolithcache.directory.s3.S3RegistrySettings;
import io.monolithcache.directory.s3.S3Server;
import io.monolithcache.directory.s3.S3Storage;
import io.monolithcache.directory.s3.S3TransferSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import software.amazon.awssdk.services.s3.S3Client;

/** The local disk and a bucket side by side, as one manager. */
@Tag("long")
@ExtendWith(S3Server.Started.class)
@Timeout(60)
class SeveralStoragesTests {

    private static final String LOCAL = "local";
    private static final String S3 = "s3";

    @TempDir
    Path folder;

    private final List<CacheManager> managers = new ArrayList<>();
    private S3Server server;
    private TcpProxy proxy;
    private S3Client client;
    private S3Place place;

    @BeforeEach
    void open(S3Server started) {
        server = started;
        proxy = new TcpProxy(server.port());
        client = server.builder(proxy.port()).build();
        place = new S3Place(server.bucket(), "some/prefix/");
    }

    @AfterEach
    void close() {
        proxy.mend();
        managers.forEach(CacheManager::close);
        client.close();
        proxy.close();
    }

    private S3Storage storage() {
        S3RegistrySettings registry =
                new S3RegistrySettings(Duration.ofSeconds(60), Duration.ofHours(1), Duration.ZERO);
        return new S3Storage(
                () -> client,
                place,
                registry,
                S3TransferSettings.defaults().withTimeout(Duration.ofSeconds(5)),
                Duration.ZERO);
    }

    private CacheManagerBuilder builder(String main) {
        return CacheManager.builder()
                .root(folder.resolve("root"))
                .sweepInterval(Duration.ZERO)
                .wipe(WipeMode.SYNCHRONOUS)
                .storage(storage())
                .defaultStorage(main);
    }

    private CacheManager open(CacheManagerBuilder builder) {
        CacheManager manager = builder.build();
        managers.add(manager);
        return manager;
    }

    private CacheManager manager() {
        return open(builder(LOCAL));
    }

    private static CacheDirectory create(CacheManager manager, String storage) {
        return manager.create(CacheOptions.defaults().storage(storage).metadata("in", storage));
    }

    private static void write(CacheDirectory cache, String text) {
        try (var out = cache.resource("a.txt").getOutputStream()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String read(CacheDirectory cache) {
        try {
            return cache.resource("a.txt").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String storageOf(CacheManager manager, CacheId id) {
        return manager.find(id).orElseThrow().storage();
    }

    @ParameterizedTest
    @ValueSource(strings = {LOCAL, S3})
    void whereACacheIsCreatedIsSaidOrTheDefault(String main) {
        CacheManager manager = open(builder(main));

        assertThat(storageOf(manager, manager.create().id())).isEqualTo(main);
        assertThat(storageOf(manager, create(manager, LOCAL).id())).isEqualTo(LOCAL);
        assertThat(storageOf(manager, create(manager, S3).id())).isEqualTo(S3);
        assertThat(manager.storages()).first().isEqualTo(main);
        assertThat(manager.storages()).containsExactlyInAnyOrder(LOCAL, S3);
        assertThat(manager.held()).isEqualTo(3);
    }

    @Test
    void aStorageThatIsNotThereIsNamedWithThoseThatAre() {
        CacheManager manager = manager();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> create(manager, "tape"))
                .withMessageContaining("'tape'")
                .withMessageContaining("'local' and 's3'");
        assertThatIllegalArgumentException().isThrownBy(() -> manager.status("tape"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("tape").build())
                .withMessageContaining("'tape'");
    }

    @ParameterizedTest
    @ValueSource(strings = {LOCAL, S3})
    void aCacheIsAttachedToByIdAndByLocation(String storage) {
        CacheManager manager = manager();
        CacheDirectory cache = create(manager, storage);
        write(cache, "text");

        try (CacheDirectory byId = manager.attach(cache.id());
                CacheDirectory byLocation = manager.attach(cache.location())) {
            assertThat(read(byId)).isEqualTo("text");
            assertThat(read(byLocation)).isEqualTo("text");
            assertThat(byLocation.id()).isEqualTo(cache.id());
        }
        assertThat(cache.location().getScheme()).isEqualTo(storage.equals(S3) ? "s3" : "file");
    }

    @Test
    void aCacheIsAttachedToByItsPathIfItHasOne() {
        CacheManager manager = manager();
        CacheDirectory local = create(manager, LOCAL);
        CacheDirectory remote = create(manager, S3);

        try (CacheDirectory same = manager.attach(local.path())) {
            assertThat(same.id()).isEqualTo(local.id());
        }
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(remote::path)
                .withMessageContaining("download()");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3://another/prefix/caches/01kb9v6m3q4w5x6y7z8a9b0c1d", "file:///tmp", "https://x/y", "a:b"})
    void aLocationElsewhereIsRefusedByAllOfThem(URI location) {
        CacheManager manager = manager();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.attach(location))
                .withMessageContaining(location.toString())
                .satisfies(refused -> assertThat(refused.getSuppressed()).hasSize(1));
    }

    @Test
    void bothAreListedInTheOrderOfIds() {
        CacheManager manager = manager();
        List<CacheId> ids = new ArrayList<>();
        for (int number = 0; number < 14; number++) {
            ids.add(create(manager, number % 3 == 0 ? S3 : LOCAL).id());
        }
        ids.sort(null);

        try (Stream<CacheDescription> all = manager.list()) {
            assertThat(all).extracting(CacheDescription::id).containsExactlyInAnyOrderElementsOf(ids);
        }
        for (int limit : new int[] {1, 2, 5, 14, 100}) {
            assertThat(pages(manager, limit)).containsExactlyElementsOf(ids);
        }
        assertThat(manager.list(ids.get(13), 3)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> manager.list(null, 0));
    }

    private static List<CacheId> pages(CacheManager manager, int limit) {
        List<CacheId> ids = new ArrayList<>();
        List<CacheDescription> page = manager.list(null, limit);
        while (!page.isEmpty()) {
            page.forEach(cache -> ids.add(cache.id()));
            page = page.size() < limit ? List.of() : manager.list(ids.get(ids.size() - 1), limit);
        }
        return ids;
    }

    @ParameterizedTest
    @ValueSource(strings = {LOCAL, S3})
    void whatIsDoneByIdIsDoneWhereTheCacheIs(String storage) {
        CacheManager manager = manager();
        CacheDirectory cache = create(manager, storage);
        write(cache, "text");
        CacheId id = cache.id();
        assertThat(manager.usage(id).files()).isPositive();
        assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> manager.evict(id));

        manager.lock(id);
        cache.close();
        assertThat(manager.find(id).orElseThrow().locked()).isTrue();
        manager.lock(id, Duration.ofHours(1));
        assertThat(manager.unlock(id)).isTrue();
        assertThat(manager.find(id)).isEmpty();

        CacheId evicted = locked(manager, storage);
        manager.evict(evicted);
        assertThat(manager.find(evicted)).isEmpty();

        CacheDirectory held = create(manager, storage);
        manager.evictForcibly(held.id());
        assertThat(manager.find(held.id())).isEmpty();
        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> held.exists("a.txt"));
    }

    private static CacheId locked(CacheManager manager, String storage) {
        CacheDirectory cache = create(manager, storage);
        cache.lock();
        cache.close();
        return cache.id();
    }

    @Test
    void anIdThatNobodyHasIsNotFound() {
        CacheManager manager = manager();
        CacheId none = CacheId.random(Instant.now());

        assertThat(manager.find(none)).isEmpty();
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.attach(none));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.usage(none));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.lock(none));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.unlock(none));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.evict(none));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.evictForcibly(none));
    }

    @ParameterizedTest
    @ValueSource(strings = {LOCAL, S3})
    void withoutS3WhatIsOnTheDiskGoesOn(String main) {
        CacheManager manager = open(builder(main));
        CacheDirectory local = create(manager, LOCAL);
        CacheId kept = locked(manager, LOCAL);
        CacheDirectory remote = create(manager, S3);
        proxy.cut();

        write(local, "text");
        try (CacheDirectory again = manager.attach(local.id())) {
            assertThat(read(again)).isEqualTo("text");
        }
        try (CacheDirectory attached = manager.attach(kept)) {
            assertThat(attached.isLocked()).isTrue();
        }
        assertThat(manager.find(kept)).isPresent();
        manager.evict(kept);
        create(manager, LOCAL).close();
        local.close();

        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> manager.find(kept));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> manager.attach(kept));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> manager.evict(kept));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> remote.exists("a.txt"));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> create(manager, S3));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(manager::sweep);
        proxy.mend();
        assertThat(remote.exists("a.txt")).isFalse();
        assertThat(manager.find(kept)).isEmpty();
    }

    @Test
    void aSweepGoesOverBoth() {
        CacheManager manager = manager();
        create(manager, LOCAL).close();
        create(manager, S3).close();

        SweepReport report = manager.sweep();

        assertThat(report.skipped()).isNull();
        assertThat(manager.status(LOCAL).storage()).isEqualTo(LOCAL);
        assertThat(manager.status(S3).storage()).isEqualTo(S3);
        assertThat(manager.registryStatus(LOCAL).name()).isEqualTo("file");
        assertThat(manager.registryStatus(S3).name()).isEqualTo("s3");
    }

    @Test
    void closingReleasesBothAndTakesCopiesAway() {
        CacheManager manager = manager();
        CacheManager other = manager();
        CacheDirectory local = create(manager, LOCAL);
        CacheDirectory remote = create(manager, S3);
        write(remote, "text");
        Path copy = remote.download("a.txt");
        assertThat(copy).hasContent("text").startsWith(folder);
        assertThat(other.list(null, 10)).extracting(CacheDescription::storage).contains(S3, LOCAL);

        manager.close();

        assertThat(copy).doesNotExist();
        assertThat(other.list(null, 10)).isEmpty();
        assertThat(other.find(local.id())).isEmpty();
        assertThat(other.find(remote.id())).isEmpty();
        assertThat(Files.exists(folder.resolve("root/monolith-cache/caches/" + local.id())))
                .isFalse();
    }

    @Test
    void aCopyIsMadeAnewIfItsPlaceWasEvicted() {
        CacheManager manager = manager();
        CacheDirectory remote = create(manager, S3);
        write(remote, "text");
        Path caches = folder.resolve("root/monolith-cache/caches");
        CacheId scratch = CacheId.of(
                caches.relativize(remote.download("a.txt")).getName(0).toString());
        assertThat(manager.find(scratch).orElseThrow().metadata()).containsEntry("copiesOf", S3);

        manager.evictForcibly(scratch);

        assertThat(remote.download("a.txt")).hasContent("text");
    }

    @Test
    void managersOverOneBucketShareWhatIsInIt() {
        CacheManager first = manager();
        CacheManager second = open(builder(S3).root(folder.resolve("another")));
        CacheDirectory remote = create(first, S3);
        write(remote, "text");
        CacheId local = create(first, LOCAL).id();

        CacheDirectory shared = second.attach(remote.id());
        assertThat(second.find(local)).isEmpty();
        remote.close();

        assertThat(read(shared)).isEqualTo("text");
        shared.close();
        assertThat(first.find(remote.id())).isEmpty();
    }

    @Test
    void withOneNamespaceInRedisEachIsListedOnce() {
        try (RedisServer redis = RedisServer.start(folder)) {
            RegistryProvider registry = new RedisRegistry(
                    new RedisRegistrySettings("both", Duration.ofSeconds(10), Duration.ofSeconds(2)),
                    () -> new LettuceConnectionFactory("127.0.0.1", redis.port()));
            CacheManager first = open(builder(LOCAL).registry(registry));
            CacheManager second = open(builder(S3).registry(registry));
            List<CacheId> ids = new ArrayList<>();
            for (int number = 0; number < 6; number++) {
                ids.add(create(number % 2 == 0 ? first : second, number % 3 == 0 ? S3 : LOCAL)
                        .id());
            }
            ids.sort(null);

            for (CacheManager manager : List.of(first, second)) {
                try (Stream<CacheDescription> all = manager.list()) {
                    assertThat(all).extracting(CacheDescription::id).containsExactlyInAnyOrderElementsOf(ids);
                }
                assertThat(pages(manager, 2)).containsExactlyElementsOf(ids);
                for (CacheId id : ids) {
                    CacheDescription found = manager.find(id).orElseThrow();
                    assertThat(found.metadata()).containsEntry("in", found.storage());
                    manager.attach(id).close();
                    manager.lock(id, Duration.ofHours(1));
                    assertThat(manager.unlock(id)).isFalse();
                }
            }
            first.close();
            second.close();
        }
    }
}
