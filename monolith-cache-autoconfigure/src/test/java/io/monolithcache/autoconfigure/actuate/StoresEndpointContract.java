// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.actuate.EndpointClient.Answer;
import io.monolithcache.store.Content;
import io.monolithcache.store.EntryDescription;
import io.monolithcache.store.Store;
import io.monolithcache.store.Store.Selection;
import io.monolithcache.store.StoredFile;
import io.monolithcache.store.index.EntryHash;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
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

/** What the endpoint of stores answers over HTTP, whichever web framework serves it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoresEndpointContract {

    private static final String ABSENT = "0".repeat(64);

    private final WebApplicationType type;
    private final Class<?> application;
    private ConfigurableApplicationContext context;
    private Store store;
    private EndpointClient client;

    StoresEndpointContract(WebApplicationType type, Class<?> application) {
        this.type = type;
        this.application = application;
    }

    @BeforeAll
    void start(@TempDir Path root) {
        context = run(root);
        store = context.getBean(Store.class);
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
                                        "management.endpoints.web.exposure.include=cachestores",
                                        "monolith.cache.files.limits.size=1MB",
                                        "monolith.cache.files.limits.keep-free=0",
                                        "monolith.cache.local.path=" + root),
                                Stream.of(properties))
                        .map("--"::concat)
                        .toArray(String[]::new));
    }

    private static EndpointClient client(ConfigurableApplicationContext context) {
        return new EndpointClient(
                context.getEnvironment().getRequiredProperty("local.server.port", Integer.class), "cachestores");
    }

    @AfterEach
    void evictAll() {
        store.entries().map(EntryDescription::key).toList().forEach(store::unlock);
        store.evict(Selection.ALL, false);
    }

    @AfterAll
    void stop() {
        context.close();
    }

    private static void put(Store store, String key, String... tags) {
        assertThat(store.put(key, Content.of(new byte[100]), Set.of(tags))).isTrue();
    }

    private String hashOf(String key) {
        return store.entries(new Selection("", "", entry -> entry.key().equals(key)), null)
                .findFirst()
                .orElseThrow()
                .hash();
    }

    private static AbstractStringAssert<?> assertThatProblem(Answer answer, int status, String title) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.json().get("title").stringValue()).isEqualTo(title);
        return assertThat(answer.json().get("detail").stringValue());
    }

    // stores

    @Test
    void storesAreListedWithWhatTheyMayTakeAndWhatTheyDid() {
        put(store, "a");
        store.find("a").orElseThrow().close();
        assertThat(store.find("b")).isEmpty();

        JsonNode stores = client.get("").json().get("stores");

        assertThat(stores.size()).isEqualTo(1);
        JsonNode files = stores.get(0);
        assertThat(files.propertyNames())
                .containsExactly(
                        "name",
                        "location",
                        "inUse",
                        "index",
                        "eviction",
                        "limits",
                        "freeInBytes",
                        "sizeInBytes",
                        "entries",
                        "fill",
                        "processes",
                        "hits",
                        "misses",
                        "puts",
                        "loads",
                        "rejected",
                        "evictions",
                        "unlisted",
                        "indexComplete");
        assertThat(files.get("name").stringValue()).isEqualTo("files");
        assertThat(files.get("inUse").booleanValue()).isTrue();
        assertThat(files.get("index").stringValue()).isEqualTo("sqlite");
        assertThat(files.get("eviction").stringValue()).isEqualTo("lru");
        assertThat(files.get("limits").propertyNames()).containsExactly("sizeInBytes", "keepFreeInBytes");
        assertThat(files.get("limits").get("sizeInBytes").longValue()).isEqualTo(1 << 20);
        assertThat(files.get("sizeInBytes").longValue()).isEqualTo(4096);
        assertThat(files.get("entries").longValue()).isEqualTo(1);
        assertThat(files.get("fill").doubleValue()).isEqualTo(4096.0 / (1 << 20));
        assertThat(files.get("processes").intValue()).isEqualTo(1);
        assertThat(files.get("hits").longValue()).isPositive();
        assertThat(files.get("misses").longValue()).isPositive();
    }

    @Test
    void aStoreThatNobodyHasUsedIsShownAndNotOpened(@TempDir Path root) {
        try (ConfigurableApplicationContext unused = run(root)) {
            EndpointClient other = client(unused);

            JsonNode files = other.get("").json().get("stores").get(0);
            assertThat(files.get("inUse").booleanValue()).isFalse();
            assertThat(files.has("sizeInBytes")).isFalse();
            JsonNode page = other.get("/files").json();
            assertThat(page.get("store").get("inUse").booleanValue()).isFalse();
            assertThat(page.get("entries").size()).isZero();
            assertThatProblem(other.get("/files/" + ABSENT), 404, "Not Found").contains(ABSENT);
            assertThatProblem(other.delete("/files/" + ABSENT), 404, "Not Found")
                    .contains(ABSENT);
            assertThat(other.delete("/files").json().get("entries").longValue()).isZero();
            assertThat(root).isEmptyDirectory();
        }
    }

    @Test
    void entriesOfAnEarlierRunAreListed(@TempDir Path root) {
        try (ConfigurableApplicationContext earlier = run(root)) {
            put(earlier.getBean(Store.class), "a");
        }
        try (ConfigurableApplicationContext later = run(root)) {
            assertThat(client(later).get("/files").json().get("entries").size()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/other", "/other/" + "0000", "/Files"})
    void anAbsentStoreIsNotFound(String path) {
        assertThatProblem(client.get(path), 404, "Not Found").contains("[files]");
        assertThatProblem(client.delete(path), 404, "Not Found").contains("[files]");
    }

    // entries

    @Test
    void entriesAreListedAndTheirKeysAndTagsMasked() {
        put(store, "customer/Ada", "tenant-7");

        Answer answer = client.get("/files");

        JsonNode entry = answer.json().get("entries").get(0);
        assertThat(entry.propertyNames())
                .containsExactly(
                        "hash", "key", "length", "sizeInBytes", "createdAt", "accessedAt", "hits", "locked", "tags");
        assertThat(entry.get("length").longValue()).isEqualTo(100);
        assertThat(entry.get("sizeInBytes").longValue()).isEqualTo(4096);
        assertThat(entry.get("hash").stringValue()).isEqualTo(hashOf("customer/Ada"));
        assertThat(answer.body())
                .contains("\"key\":\"******\"", "\"tags\":[\"******\"]")
                .doesNotContain("Ada", "tenant-7");
    }

    @Test
    void pagesFollowEachOtherInTheOrderOfHashes() {
        List.of("a", "b", "c", "d", "e").forEach(key -> put(store, key));
        List<String> hashes =
                store.entries().map(EntryDescription::hash).sorted().toList();

        JsonNode first = client.get("/files?limit=2").json();
        assertThat(hashes(first)).isEqualTo(hashes.subList(0, 2));
        assertThat(first.get("next").stringValue()).isEqualTo(hashes.get(1));
        JsonNode last = client.get("/files?limit=4&after=" + hashes.get(1)).json();
        assertThat(hashes(last)).isEqualTo(hashes.subList(2, 5));
        assertThat(last.has("next")).isFalse();
    }

    private static List<String> hashes(JsonNode page) {
        return page.get("entries")
                .valueStream()
                .map(entry -> entry.get("hash").stringValue())
                .toList();
    }

    @Test
    void entriesAreListedByTheirTag() {
        put(store, "a", "red");
        put(store, "b", "blue");

        assertThat(hashes(client.get("/files?tag=red").json())).containsExactly(hashOf("a"));
    }

    @Test
    void whereKeysAreMaskedNoneIsFoundByHowItBegins() {
        put(store, "a");

        assertThatProblem(client.get("/files?prefix=a"), 400, "Bad Request").contains("show-values");
        assertThatProblem(client.delete("/files?prefix=a"), 400, "Bad Request").contains("show-values");
        assertThat(store.contains("a")).isTrue();
    }

    @Test
    void keysAndTagsAreShownWhereThatIsAskedFor(@TempDir Path root) {
        try (ConfigurableApplicationContext showing = run(root, "management.endpoint.cachestores.show-values=always")) {
            put(showing.getBean(Store.class), "a/1", "red");
            put(showing.getBean(Store.class), "b/1");

            JsonNode page = client(showing).get("/files?prefix=a/").json();

            assertThat(page.get("entries").size()).isEqualTo(1);
            assertThat(page.get("entries").get(0).get("key").stringValue()).isEqualTo("a/1");
            assertThat(page.get("entries").get(0).get("tags").get(0).stringValue())
                    .isEqualTo("red");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "99999999999", "many", ""})
    void aLimitOutOfRangeIsRefused(String limit) {
        assertThatProblem(client.get("/files?limit=" + limit), 400, "Bad Request")
                .contains("limit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "00", "G000000000000000000000000000000000000000000000000000000000000000"})
    void afterNoHashIsRefused(String after) {
        assertThatProblem(client.get("/files?after=" + after), 400, "Bad Request")
                .contains("64 digits");
    }

    @Test
    void oneEntryIsShown() {
        put(store, "a");

        JsonNode entry = client.get("/files/" + hashOf("a")).json();

        assertThat(entry.get("hash").stringValue()).isEqualTo(hashOf("a"));
        assertThat(entry.get("locked").booleanValue()).isFalse();
    }

    @Test
    void anAbsentEntryIsNotFound() {
        assertThatProblem(client.get("/files/" + ABSENT), 404, "Not Found").contains(ABSENT);
        assertThatProblem(client.post("/files/" + ABSENT, "{\"locked\":true}"), 404, "Not Found")
                .contains(ABSENT);
        assertThatProblem(client.delete("/files/" + ABSENT), 404, "Not Found").contains(ABSENT);
        assertThatProblem(client.delete("/files/" + ABSENT + "?dryRun=true"), 404, "Not Found")
                .contains(ABSENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "%2e%2e",
                "..%2f..%2fetc%2fpasswd",
                "%00",
                "*",
                "000000000000000000000000000000000000000000000000000000000000000%0a",
                "000000000000000000000000000000000000000000000000000000000000000/x",
                "%3Cscript%3E"
            })
    void aKeyThatAttacksIsNeverServed(String key) {
        for (Answer answer : List.of(
                client.get("/files/" + key),
                client.post("/files/" + key, "{\"locked\":true}"),
                client.delete("/files/" + key + "?dryRun=true"))) {
            assertThat(answer.status()).isIn(400, 404, 405);
            assertThat(answer.body()).doesNotContain("Exception", "\tat ");
        }
    }

    // locks

    @Test
    void anEntryIsLockedAndUnlocked() {
        put(store, "a");
        String path = "/files/" + hashOf("a");

        Answer locked = client.post(path, "{\"locked\":true}");
        assertThat(locked.status()).isEqualTo(200);
        assertThat(locked.json().get("locked").booleanValue()).isTrue();
        assertThat(client.get(path).json().get("locked").booleanValue()).isTrue();
        Answer unlocked = client.post(path, "{\"locked\":false}");
        assertThat(unlocked.json().get("locked").booleanValue()).isFalse();
    }

    @Test
    void aFileOfItsContentIsLocked() {
        String hash =
                store.files().add(new ByteArrayInputStream(new byte[3])).hash().toString();

        assertThat(client.post("/files/" + hash, "{\"locked\":true}")
                        .json()
                        .get("locked")
                        .booleanValue())
                .isTrue();
        assertThatProblem(client.delete("/files/" + hash), 409, "Conflict").contains("is locked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"locked\":null}", "{\"locked\":\"yes\"}", "{\"locked\":1}"})
    void aLockThatIsNotClearIsRefused(String body) {
        put(store, "a");

        assertThatProblem(client.post("/files/" + hashOf("a"), body), 400, "Bad Request")
                .contains("locked");
    }

    // evict

    @Test
    void anEntryIsEvicted() {
        put(store, "a");
        put(store, "b");

        Answer answer = client.delete("/files/" + hashOf("a"));

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(store.contains("a")).isFalse();
        assertThat(store.contains("b")).isTrue();
    }

    @Test
    void aLockedEntryIsNotEvicted() {
        put(store, "a");
        store.lock("a");

        assertThatProblem(client.delete("/files/" + hashOf("a")), 409, "Conflict")
                .contains("is locked. Unlock it first; nothing has changed");
        assertThat(store.contains("a")).isTrue();
    }

    @Test
    void anEntryInUseIsNotEvicted() {
        String hash =
                store.files().add(new ByteArrayInputStream(new byte[3])).hash().toString();
        try (StoredFile open = store.files().open(EntryHash.parse(hash)).orElseThrow()) {
            assertThatProblem(client.delete("/files/" + hash), 409, "Conflict").contains("is in use");
            assertThat(open.path()).exists();
        }
        assertThat(client.delete("/files/" + hash).status()).isEqualTo(204);
    }

    @Test
    void ofOneEntryItIsToldWhetherItWouldGo() {
        put(store, "a");

        Answer would = client.delete("/files/" + hashOf("a") + "?dryRun=true");
        assertThat(would.status()).isEqualTo(200);
        assertThat(would.json().get("dryRun").booleanValue()).isTrue();
        assertThat(would.json().get("entries").longValue()).isEqualTo(1);
        assertThat(would.json().get("sizeInBytes").longValue()).isEqualTo(4096);
        assertThat(would.body()).contains("\"key\":\"******\"");
        store.lock("a");
        JsonNode kept = client.delete("/files/" + hashOf("a") + "?dryRun=true").json();
        assertThat(kept.get("entries").longValue()).isZero();
        assertThat(kept.get("kept").longValue()).isEqualTo(1);
        assertThat(store.contains("a")).isTrue();
    }

    @Test
    void allThatIsNotLockedIsEvicted() {
        List.of("a", "b", "c").forEach(key -> put(store, key));
        store.lock("b");

        JsonNode would = client.delete("/files?dryRun=true").json();
        assertThat(would.get("entries").longValue()).isEqualTo(2);
        assertThat(store.status().entries()).isEqualTo(3);
        Answer answer = client.delete("/files");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("entries").longValue()).isEqualTo(2);
        assertThat(answer.json().get("kept").longValue()).isEqualTo(1);
        assertThat(answer.json().get("first").size()).isEqualTo(2);
        assertThat(store.entries()).extracting(EntryDescription::key).containsExactly("b");
    }

    @Test
    void entriesAreEvictedByTheirTag() {
        put(store, "a", "red");
        put(store, "b", "blue");

        assertThat(client.delete("/files?tag=red").json().get("entries").longValue())
                .isEqualTo(1);
        assertThat(store.entries()).extracting(EntryDescription::key).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "TRUE", "1"})
    void aDryRunThatIsNotClearIsRefused(String dryRun) {
        put(store, "a");

        assertThatProblem(client.delete("/files?dryRun=" + dryRun), 400, "Bad Request")
                .contains("dryRun");
        assertThatProblem(client.delete("/files/" + hashOf("a") + "?dryRun=" + dryRun), 400, "Bad Request")
                .contains("dryRun");
        assertThat(store.contains("a")).isTrue();
    }

    // access

    @Test
    void withReadOnlyAccessNothingCanBeChanged(@TempDir Path root) {
        try (ConfigurableApplicationContext readOnly = run(root, "management.endpoint.cachestores.access=read-only")) {
            Store own = readOnly.getBean(Store.class);
            put(own, "a");
            String path = "/files/" + own.entries().findFirst().orElseThrow().hash();
            EndpointClient reader = client(readOnly);

            assertThat(reader.get("").status()).isEqualTo(200);
            assertThat(reader.get(path).status()).isEqualTo(200);
            assertThat(reader.post(path, "{\"locked\":true}").status()).isEqualTo(405);
            assertThat(reader.delete(path).status()).isEqualTo(405);
            assertThat(reader.delete("/files").status()).isEqualTo(405);
            assertThat(own.contains("a")).isTrue();
        }
    }
}
