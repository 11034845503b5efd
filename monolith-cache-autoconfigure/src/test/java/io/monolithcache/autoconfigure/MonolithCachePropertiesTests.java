// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.WipeMode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                        new MonolithCacheProperties.Directories(
                                Duration.ofSeconds(30), WipeMode.BACKGROUND, false, false, null)));
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
                        new MonolithCacheProperties.Directories(
                                Duration.ofMinutes(1), WipeMode.SYNCHRONOUS, true, true, Duration.ofHours(1))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enabled",
                "local.min-free-space",
                "local.orphans",
                "local.allow-network-file-system",
                "directories.sweep-interval",
                "directories.wipe",
                "directories.track-leaks",
                "directories.release-leaked",
                "directories.leak-grace"
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

    private static MonolithCacheProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("monolith.cache", MonolithCacheProperties.class);
    }
}
