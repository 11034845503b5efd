// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheManagerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.AotDetector;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.SpringProperties;

class CacheSettingsTests {

    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(strings = {"local", "LOCAL", " local ", ""})
    void localStorageIsKnown(String storage) {
        assertThat(builder("storage", storage)).isNotNull();
    }

    @Test
    void anotherStorageIsRefusedWithCoordinates() {
        assertThat(refused("storage", "tape")).singleElement().satisfies(setting -> {
            assertThat(setting.property()).isEqualTo("monolith.cache.storage");
            // the version is known of a jar, and not of a folder with classes
            assertThat(setting.description())
                    .matches("The property 'monolith.cache.storage' is 'tape', but"
                            + " io.monolithcache:monolith-cache-core(:\\S+)? knows 'local' and 's3' only.");
            assertThat(setting.action()).isEqualTo("Set monolith.cache.storage to 'local' or 's3', or remove it.");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "file", "File", ""})
    void theFileRegistryIsKnown(String registry) {
        assertThat(builder("registry", registry)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s4", "files"})
    void anotherRegistryIsRefused(String registry) {
        assertThat(refused("registry", registry)).singleElement().satisfies(setting -> {
            assertThat(setting.description())
                    .startsWith("The property 'monolith.cache.registry' is '" + registry + "'");
            assertThat(setting.action())
                    .isEqualTo("Set monolith.cache.registry to 'auto', 'file', 'redis' or 's3', or remove it.");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"storage", "registry"})
    void whatIsInS3NeedsAPath(String property) {
        assertThat(refused(property, "s3")).singleElement().satisfies(setting -> {
            assertThat(setting.property()).isEqualTo("monolith.cache.s3.path");
            assertThat(setting.description())
                    .isEqualTo("The property 'monolith.cache.s3.path' is not set, but 'monolith.cache." + property
                            + "' is 's3'.");
            assertThat(setting.action()).contains("s3://bucket/prefix", "monolith.cache." + property);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bucket/prefix",
                "s3://",
                "s3:/bucket",
                "https://bucket/prefix",
                "s3://bucket/a//b",
                "s3://b/../c"
            })
    void aPathInS3IsABucketAndAPrefix(String path) {
        assertThat(refused("s3.path", path))
                .extracting(InvalidSetting::property)
                .containsOnly("monolith.cache.s3.path");
        assertThat(refused("s3.path", path).get(0).description()).contains("'" + path + "'");
    }

    @Test
    void filesCannotKeepReferencesInS3() {
        assertThat(refused("s3.path", "s3://bucket/prefix", "registry", "file"))
                .extracting(InvalidSetting::property)
                .containsExactly("monolith.cache.registry", "monolith.cache.s3.path");
    }

    @Test
    void settingsOfS3OutOfTheirRangeAreRefused() {
        assertThat(refused(
                        "s3.path", "s3://bucket/prefix",
                        "s3.lease", "299ms",
                        "s3.sweep-interval", "-1s",
                        "s3.connections", "257",
                        "s3.timeout", "0s"))
                .extracting(InvalidSetting::property)
                .containsExactly(
                        "monolith.cache.s3.lease",
                        "monolith.cache.s3.sweep-interval",
                        "monolith.cache.s3.connections",
                        "monolith.cache.s3.timeout",
                        "monolith.cache.s3.path");
    }

    @Test
    void aBucketCannotKeepReferencesThatRedisIsAskedToKeep() {
        assertThat(refused("s3.path", "s3://bucket/prefix", "registry", "s3", "redis.host", "redis"))
                .extracting(InvalidSetting::property)
                .contains("monolith.cache.registry");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/var/cache/app", "s3://bucket/prefix", "classpath:caches"})
    void aUrlIsNoPath(String path) {
        assertThat(refused("local.path", path))
                .singleElement()
                .satisfies(setting -> assertThat(setting.description())
                        .isEqualTo("The property 'monolith.cache.local.path' is '" + path
                                + "', which is a URL, not a path."));
    }

    @Test
    void aDriveOfWindowsIsNoUrl() {
        assertThat(builder("local.path", "C:/caches")).isNotNull();
    }

    @Test
    void nobodyReplacesATilde() {
        assertThat(refused("local.path", "~/caches"))
                .singleElement()
                .satisfies(setting -> assertThat(setting.action())
                        .isEqualTo("Write ${user.home} in monolith.cache.local.path instead of '~'."));
    }

    @Test
    void aPathThatCannotBeIsRefused() {
        assertThat(refused("local.path", "/var/\0/cache"))
                .singleElement()
                .satisfies(setting -> assertThat(setting.description())
                        .startsWith("The property 'monolith.cache.local.path' is not a path: "));
    }

    @Test
    void aNegativeFreeSpaceIsRefused() {
        assertThat(refused("local.min-free-space", "-1MB")).singleElement().satisfies(setting -> {
            assertThat(setting.property()).isEqualTo("monolith.cache.local.min-free-space");
            assertThat(setting.description()).contains("is negative (-1048576B)");
        });
    }

    @Test
    void aFreeSpaceOfZeroIsTaken() {
        assertThat(builder("local.min-free-space", "0")).isNotNull();
    }

    @Test
    void aNegativeSweepIntervalIsRefused() {
        assertThat(refused("directories.sweep-interval", "-1s"))
                .singleElement()
                .satisfies(setting -> assertThat(setting.description())
                        .isEqualTo("The property 'monolith.cache.directories.sweep-interval' is negative (PT-1S)."));
    }

    @Test
    void aSweepIntervalOfZeroMeansNever() {
        assertThat(builder("directories.sweep-interval", "0")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "-10m"})
    void aLeakGraceThatIsNotPositiveIsRefused(String grace) {
        assertThat(refused("directories.leak-grace", grace, "directories.release-leaked", "true"))
                .singleElement()
                .satisfies(setting -> assertThat(setting.description())
                        .startsWith("The property 'monolith.cache.directories.leak-grace' is not positive"));
    }

    @Test
    void aLeakGraceWithoutReleaseLeakedContradicts() {
        assertThat(refused("directories.leak-grace", "5m")).singleElement().satisfies(setting -> {
            assertThat(setting.property()).isEqualTo("monolith.cache.directories.leak-grace");
            assertThat(setting.description()).contains("'monolith.cache.directories.release-leaked' is false");
        });
    }

    @Test
    void aLeakGraceWithReleaseLeakedIsTaken() {
        assertThat(builder("directories.leak-grace", "5m", "directories.release-leaked", "true"))
                .isNotNull();
    }

    @Test
    void aWordThatOnlyMeansFalseIsRefused() {
        assertThat(refused("enabled", "off"))
                .singleElement()
                .satisfies(setting ->
                        assertThat(setting.action()).isEqualTo("Set monolith.cache.enabled to 'true' or 'false'."));
    }

    @Test
    void whatWasEnabledWhenTheApplicationWasBuiltCannotBeDisabledLater() {
        SpringProperties.setFlag(AotDetector.AOT_ENABLED);
        try {
            assertThat(refused("enabled", "false")).singleElement().satisfies(setting -> {
                assertThat(setting.description()).contains("processed ahead of time");
                assertThat(setting.action()).contains("when the application is built");
            });
        } finally {
            SpringProperties.setProperty(AotDetector.AOT_ENABLED, null);
        }
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(refused(
                        "storage", "tape",
                        "registry", "s4",
                        "local.path", "~",
                        "directories.sweep-interval", "-1s",
                        "directories.leak-grace", "0s"))
                .extracting(InvalidSetting::property)
                .containsExactly(
                        "monolith.cache.storage",
                        "monolith.cache.registry",
                        "monolith.cache.local.path",
                        "monolith.cache.directories.sweep-interval",
                        "monolith.cache.directories.leak-grace",
                        "monolith.cache.directories.leak-grace");
    }

    @Test
    void theWipeModeReachesTheManager() throws IOException {
        try (CacheManager manager = manager("directories.wipe", "synchronous")) {
            CacheDirectory directory = manager.create();
            Files.writeString(directory.path().resolve("file"), "content");
            directory.close();
            assertThat(root.resolve("monolith-cache/.monolith/trash")).isEmptyDirectory();
        }
    }

    @Test
    void thePolicyForOrphansReachesTheManager() throws IOException {
        leaveAnOrphan();
        try (CacheManager manager = manager("local.orphans", "wipe")) {
            CacheDirectory directory = manager.create();
            assertThat(manager.list(null, 10))
                    .singleElement()
                    .satisfies(only -> assertThat(only.id()).isEqualTo(directory.id()));
        }
    }

    @Test
    void byDefaultOrphansAreKeptAndNothingIsCreatedBesideThem() throws IOException {
        leaveAnOrphan();
        try (CacheManager manager = manager()) {
            assertThat(catchThrowableOfType(CacheBackendException.class, manager::create))
                    .hasMessageContaining("monolith.cache.local.orphans");
        }
    }

    private void leaveAnOrphan() throws IOException {
        Files.createDirectories(root.resolve("monolith-cache/caches/01k8xq7d3v9m2c4n6p8r0s1t5w"));
    }

    private CacheManager manager(String... settings) {
        String[] all = Stream.concat(Stream.of("local.path", root.toString()), Stream.of(settings))
                .toArray(String[]::new);
        return builder(all).build();
    }

    private static List<InvalidSetting> refused(String... settings) {
        return catchThrowableOfType(InvalidCacheSettingsException.class, () -> builder(settings))
                .settings();
    }

    private static CacheManagerBuilder builder(String... settings) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("monolith.cache." + settings[i], settings[i + 1]);
        }
        return CacheSettings.builder(
                new Binder(new MapConfigurationPropertySource(properties))
                        .bindOrCreate("monolith.cache", MonolithCacheProperties.class),
                List.of(),
                List.of());
    }
}
