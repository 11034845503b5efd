// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.autoconfigure.actuate.EndpointClient.Answer;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;

/** What can be done to directories. */
abstract class EndpointChangeContract extends EndpointContract {

    EndpointChangeContract(WebApplicationType type, Class<?> application) {
        super(type, application);
    }

    // lock and unlock

    @Test
    void aDirectoryIsLocked() {
        try (CacheDirectory directory = manager.create()) {
            Answer answer = client.post("/" + directory.id(), "{\"locked\":true}");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().get("locked").booleanValue()).isTrue();
            assertThat(answer.json().get("wiped").booleanValue()).isFalse();
            assertThat(answer.json().has("lockedUntil")).isFalse();
            assertThat(directory.isLocked()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "1h"})
    void aDirectoryIsLockedForAWhile(String time) {
        try (CacheDirectory directory = manager.create()) {
            Instant before = Instant.now();
            JsonNode locked = client.post("/" + directory.id(), "{\"locked\":true,\"atMost\":\"" + time + "\"}")
                    .json();
            assertThat(Instant.parse(locked.get("lockedUntil").stringValue()))
                    .isBetween(before.plusSeconds(3599), Instant.now().plusSeconds(3600));
        }
    }

    @Test
    void aDirectoryInUseIsUnlockedAndStays() {
        try (CacheDirectory directory = manager.create(CacheOptions.defaults().locked())) {
            JsonNode unlocked =
                    client.post("/" + directory.id(), "{\"locked\":false}").json();
            assertThat(unlocked.get("locked").booleanValue()).isFalse();
            assertThat(unlocked.get("wiped").booleanValue()).isFalse();
            assertThat(unlocked.get("references").intValue()).isEqualTo(1);
            assertThat(directory.isLocked()).isFalse();
        }
    }

    @Test
    void aDirectoryThatNobodyUsesGoesWithItsLock() {
        CacheId id = lockedAndUnused();
        Answer answer = client.post("/" + id, "{\"locked\":false}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("id").stringValue()).isEqualTo(id.value());
        assertThat(answer.json().get("wiped").booleanValue()).isTrue();
        assertThat(answer.json().get("locked").booleanValue()).isFalse();
        assertThat(manager.find(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"locked\":null}",
                "{\"locked\":\"\"}",
                "{\"locked\":\"yes\"}",
                "{\"locked\":1}",
                "{\"atMost\":\"PT1H\"}",
                "{\"locked\":true,\"atMost\":\"PT0S\"}",
                "{\"locked\":true,\"atMost\":\"-PT1H\"}",
                "{\"locked\":true,\"atMost\":\"soon\"}",
                "{\"locked\":true,\"atMost\":3600}",
                "{\"locked\":true,\"atMost\":\"\"}",
                "{\"locked\":true,\"atMost\":\"P36501D\"}",
                "{\"locked\":true,\"atMost\":\"PT9223372036854775807S\"}",
                "{\"locked\":true,\"atMost\":\"99999999999999999999h\"}",
                "{\"locked\":true,\"atMost\":\"9223372036854775807d\"}",
                "{\"locked\":false,\"atMost\":\"PT1H\"}"
            })
    void aLockThatCannotBeIsRefusedAndNothingChanges(String body) {
        try (CacheDirectory directory = manager.create()) {
            assertThatProblem(client.post("/" + directory.id(), body), 400, "Bad Request")
                    .isNotEmpty();
            assertThat(directory.isLocked()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nothing", "[]", "{\"locked\":{}}", "{\"locked\":true"})
    void aBodyThatIsNoObjectOfSimpleValuesIsRefused(String body) {
        try (CacheDirectory directory = manager.create()) {
            assertThat(client.post("/" + directory.id(), body).status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void anAbsentDirectoryIsNeitherLockedNorUnlocked(String locked) {
        assertThatProblem(client.post("/" + ABSENT, "{\"locked\":" + locked + "}"), 404, "Not Found")
                .contains(ABSENT);
    }

    // sweep

    @Test
    void aSweepAnswersItsReport() {
        Answer answer = client.post("");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().propertyNames())
                .contains("deadOwners", "references", "locks", "directories", "trash", "duration");
        assertThat(Duration.parse(answer.json().get("duration").stringValue())).isGreaterThanOrEqualTo(Duration.ZERO);
    }

    @Test
    void aSweepWipesWhatNobodyNeeds() throws Exception {
        CacheId id = lockedAndUnused();
        Path refs = Path.of(manager.find(id).orElseThrow().location())
                .getParent()
                .resolveSibling(".monolith/refs")
                .resolve(id.value());
        Files.delete(refs.resolve("locked"));
        Answer answer = client.post("", "{}");
        assertThat(answer.json().get("directories").intValue()).isEqualTo(1);
        assertThat(manager.find(id)).isEmpty();
    }

    // evict

    @Test
    void anUnusedDirectoryIsEvictedThoughLocked() {
        CacheId id = lockedAndUnused();
        Answer answer = client.delete("/" + id);
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(manager.find(id)).isEmpty();
    }

    @Test
    void aDirectoryInUseIsNotEvicted() {
        try (CacheDirectory directory = manager.create()) {
            Answer answer = client.delete("/" + directory.id());
            assertThatProblem(answer, 409, "Conflict").contains("force=true");
            assertThat(answer.json().get("owners").get(0).get("pid").stringValue())
                    .isEqualTo("******");
            assertThat(manager.find(directory.id())).isPresent();
        }
    }

    @Test
    void aDirectoryInUseIsEvictedByForceAndItsHolderLearnsIt() {
        try (CacheDirectory directory = manager.create()) {
            assertThat(client.delete("/" + directory.id() + "?force=true").status())
                    .isEqualTo(204);
            assertThat(manager.find(directory.id())).isEmpty();
            assertThatExceptionOfType(CacheLostException.class).isThrownBy(directory::metadata);
        }
    }

    @Test
    void withoutForceNothingIsForced() {
        try (CacheDirectory directory = manager.create()) {
            assertThat(client.delete("/" + directory.id() + "?force=false").status())
                    .isEqualTo(409);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "TRUE", "1"})
    void aForceThatIsNotClearIsRefused(String force) {
        try (CacheDirectory directory = manager.create()) {
            assertThatProblem(client.delete("/" + directory.id() + "?force=" + force), 400, "Bad Request")
                    .contains("force");
            assertThat(manager.find(directory.id())).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?force=true"})
    void anAbsentDirectoryIsNotEvicted(String query) {
        assertThatProblem(client.delete("/" + ABSENT + query), 404, "Not Found").contains(ABSENT);
    }
}
