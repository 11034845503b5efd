// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an editor knows of our properties. */
class ConfigurationMetadataTests {

    private static Map<String, JsonNode> properties;

    @BeforeAll
    static void read() throws IOException {
        String file = "META-INF/spring-configuration-metadata.json";
        Path classes = Path.of(MonolithCacheProperties.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        try (InputStream metadata = classes.resolve(file).toUri().toURL().openStream()) {
            properties = new JsonMapper()
                    .readTree(metadata)
                    .get("properties")
                    .valueStream()
                    .collect(Collectors.toMap(property -> property.get("name").stringValue(), Function.identity()));
        }
    }

    @Test
    void everyPropertyHasItsDefault() {
        assertThat(properties.entrySet().stream()
                        .filter(property -> property.getValue().has("defaultValue"))
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                property ->
                                        property.getValue().get("defaultValue").asString())))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("monolith.cache.enabled", "true"),
                        Map.entry("monolith.cache.storage", "local"),
                        Map.entry("monolith.cache.registry", "auto"),
                        Map.entry("monolith.cache.local.min-free-space", "256MB"),
                        Map.entry("monolith.cache.local.orphans", "keep"),
                        Map.entry("monolith.cache.local.allow-network-file-system", "false"),
                        Map.entry("monolith.cache.s3.lease", "60s"),
                        Map.entry("monolith.cache.s3.sweep-interval", "5m"),
                        Map.entry("monolith.cache.s3.connections", "12"),
                        Map.entry("monolith.cache.s3.timeout", "30s"),
                        Map.entry("monolith.cache.redis.port", "6379"),
                        Map.entry("monolith.cache.redis.database", "0"),
                        Map.entry("monolith.cache.redis.namespace", "monolith"),
                        Map.entry("monolith.cache.redis.lease", "30s"),
                        Map.entry("monolith.cache.redis.timeout", "2s"),
                        Map.entry("monolith.cache.redis.fail-fast", "false"),
                        Map.entry("monolith.cache.directories.sweep-interval", "30s"),
                        Map.entry("monolith.cache.directories.wipe", "background"),
                        Map.entry("monolith.cache.directories.track-leaks", "false"),
                        Map.entry("monolith.cache.directories.release-leaked", "false"),
                        Map.entry("monolith.cache.directories.leak-grace", "10m"),
                        Map.entry("monolith.cache.files.enabled", "true"),
                        Map.entry("monolith.cache.files.index", "sqlite"),
                        Map.entry("monolith.cache.files.limits.size", "10GB"),
                        Map.entry("monolith.cache.files.limits.keep-free", "1GB"),
                        Map.entry("monolith.cache.files.eviction", "lru"),
                        Map.entry("monolith.cache.files.verification", "first-read"),
                        Map.entry("monolith.cache.files.memory", "0B"),
                        Map.entry("monolith.cache.files.archive.type", "none"),
                        Map.entry("monolith.cache.files.archive.mode", "before"),
                        Map.entry("monolith.cache.files.sync", "false"),
                        Map.entry("management.endpoint.cachestores.access", "unrestricted"),
                        Map.entry("management.endpoint.cachestores.cache.time-to-live", "0ms"),
                        Map.entry("management.endpoint.cachestores.show-values", "never"),
                        Map.entry("management.health.monolith-cache.enabled", "true"),
                        Map.entry("management.endpoint.cachedirectories.access", "unrestricted"),
                        Map.entry("management.endpoint.cachedirectories.cache.time-to-live", "0ms"),
                        Map.entry("management.endpoint.cachedirectories.show-values", "never")));
    }

    @Test
    void onlyThesePropertiesHaveNoDefault() {
        assertThat(properties.entrySet().stream()
                        .filter(property -> !property.getValue().has("defaultValue"))
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        "monolith.cache.local.path",
                        "monolith.cache.s3.path",
                        "monolith.cache.scopes.storage",
                        "monolith.cache.files.path",
                        "monolith.cache.files.limits.entries",
                        "monolith.cache.files.limits.age",
                        "monolith.cache.files.limits.idle",
                        "monolith.cache.files.archive.location",
                        "management.endpoint.cachestores.roles",
                        "monolith.cache.redis.enabled",
                        "monolith.cache.redis.host",
                        "monolith.cache.redis.username",
                        "monolith.cache.redis.password",
                        "monolith.cache.redis.ssl.enabled",
                        "monolith.cache.redis.ssl.bundle",
                        "management.endpoint.cachedirectories.roles");
    }

    @Test
    void everyDescriptionIsPlainTextInBootsStyle() {
        assertThat(properties).allSatisfy((name, property) -> {
            String description = property.get("description").stringValue();
            assertThat(description).endsWith(".").doesNotStartWith("The ").doesNotContain("{@", "<", "\n");
            if (property.get("type").stringValue().equals("java.lang.Boolean")) {
                assertThat(description).startsWith("Whether ");
            }
        });
    }

    @Test
    void theDocumentationHasTheSamePropertiesWithTheSameDefaults() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("basedir", "."), "../docs/configuration.md"));
        Map<String, String> documented = Pattern.compile("^\\| `(m[^`]+)` \\| (?:`([^`]+)`)? ?\\|", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> String.valueOf(row.group(2))));
        assertThat(documented)
                .containsExactlyInAnyOrderEntriesOf(properties.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                property ->
                                        property.getValue().path("defaultValue").asString("null"))));
    }
}
