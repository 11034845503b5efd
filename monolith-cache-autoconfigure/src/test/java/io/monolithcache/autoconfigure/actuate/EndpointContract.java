// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.autoconfigure.actuate.EndpointClient.Answer;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** What the endpoint answers over HTTP, whichever web framework serves it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EndpointContract {

    private static final String ABSENT = "01k8xq7d3v9m2c4n6p8r0s1t5w";

    private final WebApplicationType type;
    private final Class<?> application;
    private ConfigurableApplicationContext context;
    private CacheManager manager;
    private EndpointClient client;

    EndpointContract(WebApplicationType type, Class<?> application) {
        this.type = type;
        this.application = application;
    }

    @BeforeAll
    void start(@TempDir Path root) {
        context = run(root, "management.endpoint.cachedirectories.show-values=never");
        manager = context.getBean(CacheManager.class);
        client = client(context);
    }

    private ConfigurableApplicationContext run(Path root, String... properties) {
        return new SpringApplicationBuilder(application)
                .web(type)
                .run(Stream.concat(
                                Stream.of(
                                        "server.port=0",
                                        "spring.main.banner-mode=off",
                                        "spring.jackson.property-naming-strategy=SNAKE_CASE",
                                        "management.endpoints.web.exposure.include=cachedirectories",
                                        "monolith.cache.local.path=" + root,
                                        "monolith.cache.directories.sweep-interval=0"),
                                Stream.of(properties))
                        .map("--"::concat)
                        .toArray(String[]::new));
    }

    private static EndpointClient client(ConfigurableApplicationContext context) {
        return new EndpointClient(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @AfterEach
    void evictAll() {
        manager.list(null, 1000).forEach(cache -> manager.evictForcibly(cache.id()));
    }

    @AfterAll
    void stop() {
        context.close();
    }

    // list

    @Test
    void anEmptyRootIsAnEmptyList() {
        Answer answer = client.get("");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"directories\":[]}");
    }

    @Test
    void aDirectoryIsListedWithWhatIsKnownOfIt() {
        try (CacheDirectory directory = manager.create(CacheOptions.defaults().metadata("job", 42))) {
            JsonNode listed = client.get("").json().get("directories").get(0);
            assertThat(listed.propertyNames())
                    .containsExactly("id", "location", "storage", "locked", "references", "createdAt", "metadata");
            assertThat(listed.get("id").stringValue()).isEqualTo(directory.id().value());
            assertThat(listed.get("location").stringValue())
                    .isEqualTo(directory.location().toString());
            assertThat(listed.get("storage").stringValue()).isEqualTo("local");
            assertThat(listed.get("locked").booleanValue()).isFalse();
            assertThat(listed.get("references").intValue()).isEqualTo(1);
            assertThat(Instant.parse(listed.get("createdAt").stringValue()))
                    .isEqualTo(manager.find(directory.id()).orElseThrow().createdAt());
        }
    }

    @Test
    void pagesFollowEachOtherInTheOrderOfIds() {
        List<String> ids = Stream.generate(manager::create)
                .limit(5)
                .map(directory -> directory.id().value())
                .sorted()
                .toList();
        JsonNode first = client.get("?limit=2").json();
        assertThat(ids(first)).isEqualTo(ids.subList(0, 2));
        assertThat(first.get("next").stringValue()).isEqualTo(ids.get(1));
        JsonNode second = client.get("?limit=2&after=" + ids.get(1)).json();
        assertThat(ids(second)).isEqualTo(ids.subList(2, 4));
        JsonNode third = client.get("?limit=2&after=" + ids.get(3)).json();
        assertThat(ids(third)).isEqualTo(ids.subList(4, 5));
        assertThat(third.has("next")).isFalse();
    }

    private static List<String> ids(JsonNode page) {
        return page.get("directories")
                .valueStream()
                .map(directory -> directory.get("id").stringValue())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "99999999999", "many", "1%202", ""})
    void aLimitOutOfRangeIsRefused(String limit) {
        assertThatProblem(client.get("?limit=" + limit), 400, "Bad Request").contains("limit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1000"})
    void aLimitInRangeIsTaken(String limit) {
        assertThat(client.get("?limit=" + limit).status()).isEqualTo(200);
    }

    @Test
    void severalLimitsAreRefused() {
        assertThat(client.get("?limit=1&limit=2").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "01K8XQ7D3V9M2C4N6P8R0S1T5W"})
    void afterNoIdIsRefused(String after) {
        assertThatProblem(client.get("?after=" + after), 400, "Bad Request").contains("Not a cache id");
    }

    // one

    @Test
    void oneDirectoryHasItsSizeFilesAndOwnersToo() throws Exception {
        try (CacheDirectory directory = manager.create()) {
            Files.writeString(directory.path().resolve("one"), "12345");
            Files.createDirectory(directory.path().resolve("sub"));
            Files.writeString(directory.path().resolve("sub/two"), "678");
            JsonNode one = client.get("/" + directory.id()).json();
            assertThat(one.propertyNames())
                    .containsExactly(
                            "id",
                            "location",
                            "storage",
                            "locked",
                            "references",
                            "createdAt",
                            "metadata",
                            "sizeInBytes",
                            "files",
                            "owners");
            assertThat(one.get("sizeInBytes").longValue()).isEqualTo(8);
            assertThat(one.get("files").longValue()).isEqualTo(2);
            assertThat(one.get("owners").size()).isEqualTo(1);
        }
    }

    @Test
    void anAbsentDirectoryIsNotFound() {
        assertThatProblem(client.get("/" + ABSENT), 404, "Not Found").contains(ABSENT);
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

    private CacheId lockedAndUnused() {
        try (CacheDirectory directory = manager.create(CacheOptions.defaults().locked())) {
            return directory.id();
        }
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

    private static AbstractStringAssert<?> assertThatProblem(Answer answer, int status, String title) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.json().get("status").intValue()).isEqualTo(status);
        assertThat(answer.json().get("title").stringValue()).isEqualTo(title);
        return assertThat(answer.json().get("detail").stringValue());
    }
}
