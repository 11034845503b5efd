// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.monolithcache.autoconfigure.MonolithCacheProperties.ArchiveMode;
import io.monolithcache.autoconfigure.MonolithCacheProperties.ArchiveType;
import io.monolithcache.autoconfigure.MonolithCacheProperties.IndexType;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.WipeMode;
import io.monolithcache.store.EvictionPolicy;
import io.monolithcache.store.Verification;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class MonolithCachePropertiesTests {

    @Test
    void defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new MonolithCacheProperties(
                        true,
                        "local",
                        "auto",
                        new MonolithCacheProperties.Local(null, DataSize.ofMegabytes(256), OrphanPolicy.KEEP, false),
                        new MonolithCacheProperties.S3(
                                null, Duration.ofSeconds(60), Duration.ofMinutes(5), 12, Duration.ofSeconds(30)),
                        new MonolithCacheProperties.Redis(
                                null,
                                null,
                                6379,
                                null,
                                null,
                                new MonolithCacheProperties.Ssl(null, null),
                                0,
                                "monolith",
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(2),
                                false),
                        new MonolithCacheProperties.Directories(
                                Duration.ofSeconds(30), WipeMode.BACKGROUND, false, false, null),
                        new MonolithCacheProperties.Scopes(null),
                        new MonolithCacheProperties.Files(
                                true,
                                null,
                                IndexType.SQLITE,
                                new MonolithCacheProperties.Limits(
                                        DataSize.ofGigabytes(10), null, null, null, DataSize.ofGigabytes(1)),
                                EvictionPolicy.LRU,
                                Verification.FIRST_READ,
                                DataSize.ofBytes(0),
                                new MonolithCacheProperties.Archive(ArchiveType.NONE, null, ArchiveMode.BEFORE),
                                false)));
    }

    @Test
    void everyPropertyIsBound() {
        assertThat(bind(Map.ofEntries(
                        Map.entry("monolith.cache.enabled", "false"),
                        Map.entry("monolith.cache.storage", "s3"),
                        Map.entry("monolith.cache.registry", "file"),
                        Map.entry("monolith.cache.local.path", "/var/cache/app"),
                        Map.entry("monolith.cache.local.min-free-space", "2GB"),
                        Map.entry("monolith.cache.local.orphans", "lock"),
                        Map.entry("monolith.cache.local.allow-network-file-system", "true"),
                        Map.entry("monolith.cache.s3.path", "s3://bucket/prefix"),
                        Map.entry("monolith.cache.s3.lease", "90s"),
                        Map.entry("monolith.cache.s3.sweep-interval", "1m"),
                        Map.entry("monolith.cache.s3.connections", "16"),
                        Map.entry("monolith.cache.s3.timeout", "10s"),
                        Map.entry("monolith.cache.redis.enabled", "true"),
                        Map.entry("monolith.cache.redis.host", "redis"),
                        Map.entry("monolith.cache.redis.port", "6380"),
                        Map.entry("monolith.cache.redis.username", "shop"),
                        Map.entry("monolith.cache.redis.password", "secret"),
                        Map.entry("monolith.cache.redis.ssl.enabled", "true"),
                        Map.entry("monolith.cache.redis.ssl.bundle", "redis"),
                        Map.entry("monolith.cache.redis.database", "3"),
                        Map.entry("monolith.cache.redis.namespace", "shop"),
                        Map.entry("monolith.cache.redis.lease", "1m"),
                        Map.entry("monolith.cache.redis.timeout", "5s"),
                        Map.entry("monolith.cache.redis.fail-fast", "true"),
                        Map.entry("monolith.cache.scopes.storage", " Local"),
                        Map.entry("monolith.cache.files.enabled", "false"),
                        Map.entry("monolith.cache.files.path", "/var/cache/files"),
                        Map.entry("monolith.cache.files.index", "csv"),
                        Map.entry("monolith.cache.files.limits.size", "1TB"),
                        Map.entry("monolith.cache.files.limits.entries", "1000"),
                        Map.entry("monolith.cache.files.limits.age", "30d"),
                        Map.entry("monolith.cache.files.limits.idle", "7d"),
                        Map.entry("monolith.cache.files.limits.keep-free", "5GB"),
                        Map.entry("monolith.cache.files.eviction", "tiny-lfu"),
                        Map.entry("monolith.cache.files.verification", "always"),
                        Map.entry("monolith.cache.files.memory", "64MB"),
                        Map.entry("monolith.cache.files.archive.type", "s3"),
                        Map.entry("monolith.cache.files.archive.location", " s3://bucket/files "),
                        Map.entry("monolith.cache.files.archive.mode", "behind"),
                        Map.entry("monolith.cache.files.sync", "true"),
                        Map.entry("monolith.cache.directories.sweep-interval", "1m"),
                        Map.entry("monolith.cache.directories.wipe", "synchronous"),
                        Map.entry("monolith.cache.directories.track-leaks", "true"),
                        Map.entry("monolith.cache.directories.release-leaked", "true"),
                        Map.entry("monolith.cache.directories.leak-grace", "PT1H"))))
                .isEqualTo(new MonolithCacheProperties(
                        false,
                        "s3",
                        "file",
                        new MonolithCacheProperties.Local(
                                "/var/cache/app", DataSize.ofGigabytes(2), OrphanPolicy.LOCK, true),
                        new MonolithCacheProperties.S3(
                                "s3://bucket/prefix",
                                Duration.ofSeconds(90),
                                Duration.ofMinutes(1),
                                16,
                                Duration.ofSeconds(10)),
                        new MonolithCacheProperties.Redis(
                                true,
                                "redis",
                                6380,
                                "shop",
                                "secret",
                                new MonolithCacheProperties.Ssl(true, "redis"),
                                3,
                                "shop",
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(5),
                                true),
                        new MonolithCacheProperties.Directories(
                                Duration.ofMinutes(1), WipeMode.SYNCHRONOUS, true, true, Duration.ofHours(1)),
                        new MonolithCacheProperties.Scopes("local"),
                        new MonolithCacheProperties.Files(
                                false,
                                "/var/cache/files",
                                IndexType.CSV,
                                new MonolithCacheProperties.Limits(
                                        DataSize.ofTerabytes(1),
                                        1000L,
                                        Duration.ofDays(30),
                                        Duration.ofDays(7),
                                        DataSize.ofGigabytes(5)),
                                EvictionPolicy.TINY_LFU,
                                Verification.ALWAYS,
                                DataSize.ofMegabytes(64),
                                new MonolithCacheProperties.Archive(
                                        ArchiveType.S3, "s3://bucket/files", ArchiveMode.BEHIND),
                                true)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enabled",
                "local.min-free-space",
                "local.orphans",
                "local.allow-network-file-system",
                "redis.enabled",
                "redis.host",
                "redis.port",
                "redis.username",
                "redis.password",
                "redis.ssl",
                "redis.ssl.enabled",
                "redis.ssl.bundle",
                "redis.database",
                "redis.namespace",
                "redis.lease",
                "redis.timeout",
                "redis.fail-fast",
                "directories.sweep-interval",
                "directories.wipe",
                "directories.track-leaks",
                "directories.release-leaked",
                "directories.leak-grace",
                "files.enabled",
                "files.path",
                "files.index",
                "files.limits.size",
                "files.limits.entries",
                "files.limits.age",
                "files.limits.idle",
                "files.limits.keep-free",
                "files.eviction",
                "files.verification",
                "files.memory",
                "files.archive.type",
                "files.archive.location",
                "files.archive.mode",
                "files.sync"
            })
    void anEmptyValueCountsAsAbsent(String name) {
        assertThat(bind(Map.of("monolith.cache." + name, ""))).isEqualTo(bind(Map.of()));
    }

    @Test
    void anUnknownChoiceIsRefusedWithItsProperty() {
        BindException refused = catchThrowableOfType(
                BindException.class, () -> bind(Map.of("monolith.cache.directories.wipe", "later")));
        assertThat(refused.getName()).hasToString("monolith.cache.directories.wipe");
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false", "TRUE, true"})
    void tlsIsTurnedOnInShort(String word, boolean on) {
        MonolithCacheProperties properties = bind(Map.of("monolith.cache.redis.ssl", word));
        assertThat(properties.redis().ssl()).isEqualTo(new MonolithCacheProperties.Ssl(on, null));
        assertThat(properties.redis().ssl().isEnabled()).isEqualTo(on);
    }

    /** Not taken for off: a password would go over the wire in clear. */
    @Test
    void anotherWordForTlsIsRefused() {
        BindException refused =
                catchThrowableOfType(BindException.class, () -> bind(Map.of("monolith.cache.redis.ssl", "required")));
        assertThat(refused).rootCause().hasMessage("'required' is neither 'true' nor 'false'");
    }

    @ParameterizedTest
    @CsvSource({",,false", ",redis,true", "true,,true", "false,redis,false"})
    void aBundleTurnsTlsOnUnlessItIsTurnedOff(Boolean enabled, String bundle, boolean on) {
        assertThat(new MonolithCacheProperties.Ssl(enabled, bundle).isEnabled()).isEqualTo(on);
    }

    @Test
    void thePasswordIsNotPrinted() {
        assertThat(bind(Map.of("monolith.cache.redis.host", "redis", "monolith.cache.redis.password", "secret")))
                .asString()
                .contains("host=redis")
                .doesNotContain("secret");
    }

    private static MonolithCacheProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("monolith.cache", MonolithCacheProperties.class);
    }
}
