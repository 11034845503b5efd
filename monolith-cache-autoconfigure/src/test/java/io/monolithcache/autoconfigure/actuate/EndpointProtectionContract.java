// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.actuate.EndpointClient.Answer;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** What is not given away, nor let happen. */
abstract class EndpointProtectionContract extends EndpointContract {

    EndpointProtectionContract(WebApplicationType type, Class<?> application) {
        super(type, application);
    }

    // masks

    @Test
    void metadataValuesAreMaskedAndKeysRemain() {
        try (CacheDirectory directory =
                manager.create(CacheOptions.defaults().metadata("job", 42).metadata("customer", "Ada"))) {
            for (Answer answer : List.of(client.get(""), client.get("/" + directory.id()))) {
                assertThat(answer.body())
                        .contains("\"job\":\"******\"", "\"customer\":\"******\"")
                        .doesNotContain("42,", "Ada");
            }
        }
    }

    @Test
    void ownersAreMasked() {
        try (CacheDirectory directory = manager.create()) {
            JsonNode owner =
                    client.get("/" + directory.id()).json().get("owners").get(0);
            assertThat(owner.propertyNames()).contains("name", "pid", "since");
            assertThat(owner.valueStream().map(JsonNode::stringValue)).containsOnly("******");
        }
    }

    @Test
    void metadataAndOwnersAreShownWhereThatIsAskedFor(@TempDir Path root) {
        try (ConfigurableApplicationContext showing =
                        run(root, "management.endpoint.cachedirectories.show-values=always");
                CacheDirectory directory = showing.getBean(CacheManager.class)
                        .create(CacheOptions.defaults().metadata("job", 42))) {
            JsonNode one = client(showing).get("/" + directory.id()).json();
            assertThat(one.get("metadata").get("job").intValue()).isEqualTo(42);
            assertThat(one.get("owners").get(0).get("pid").longValue())
                    .isEqualTo(ProcessHandle.current().pid());
            Answer conflict = client(showing).delete("/" + directory.id());
            assertThatProblem(conflict, 409, "Conflict")
                    .contains("process " + ProcessHandle.current().pid());
        }
    }

    // ids that attack

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "%2e%2e",
                "..%2f",
                "..%2f..%2fetc%2fpasswd",
                "..%5c..%5c",
                "%00",
                "01k8xq7d3v9m2c4n6p8r0s1t5w%00",
                "01k8xq7d3v9m2c4n6p8r0s1t5w%0a",
                "01K8XQ7D3V9M2C4N6P8R0S1T5W",
                "81k8xq7d3v9m2c4n6p8r0s1t5w",
                "01k8xq7d3v9m2c4n6p8r0s1t5",
                "01k8xq7d3v9m2c4n6p8r0s1t5u",
                "%EF%BC%901k8xq7d3v9m2c4n6p8r0s1t5w",
                "%D0%B01k8xq7d3v9m2c4n6p8r0s1t5w",
                "01k8xq7d3v9m2c4n6p8r0s1t5%F0%9F%92%A3",
                "%C0%AE%C0%AE",
                "%20",
                "*",
                ".monolith",
                "caches;x=1",
                "$%7Bjndi:ldap:%2F%2Flocalhost%7D",
                "%3Cscript%3E",
                "01k8xq7d3v9m2c4n6p8r0s1t5w/meta.json"
            })
    void anIdThatAttacksIsNeverServed(String id) {
        for (Answer answer : attack(id)) {
            assertThat(answer.status()).isIn(400, 404);
            assertThat(answer.body()).doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void anIdOfThreeHundredCharactersIsRefused() {
        for (Answer answer : attack("0".repeat(300))) {
            assertThatProblem(answer, 400, "Bad Request")
                    .contains("Not a cache id")
                    .hasSizeLessThan(200);
        }
    }

    private List<Answer> attack(String id) {
        return List.of(
                client.get("/" + id),
                client.post("/" + id, "{\"locked\":true}"),
                client.delete("/" + id),
                client.delete("/" + id + "?force=true"));
    }

    // access

    @Test
    void withReadOnlyAccessNothingCanBeChanged(@TempDir Path root) {
        try (ConfigurableApplicationContext readOnly =
                        run(root, "management.endpoint.cachedirectories.access=read-only");
                CacheDirectory directory = readOnly.getBean(CacheManager.class).create()) {
            EndpointClient reader = client(readOnly);
            assertThat(reader.get("").status()).isEqualTo(200);
            assertThat(reader.get("/" + directory.id()).status()).isEqualTo(200);
            assertThat(reader.post("").status()).isEqualTo(405);
            assertThat(reader.post("/" + directory.id(), "{\"locked\":true}").status())
                    .isEqualTo(405);
            assertThat(reader.delete("/" + directory.id() + "?force=true").status())
                    .isEqualTo(405);
            assertThat(directory.isLocked()).isFalse();
        }
    }
}
