// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.actuate.EndpointClient.Answer;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheOptions;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;

/** What is listed, and what is told of one directory. */
abstract class EndpointReadContract extends EndpointContract {

    EndpointReadContract(WebApplicationType type, Class<?> application) {
        super(type, application);
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
}
