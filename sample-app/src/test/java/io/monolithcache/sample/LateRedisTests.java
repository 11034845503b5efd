// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.redis.RedisServer;
import io.monolithcache.sample.DeskClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A desk that is started before its Redis. */
class LateRedisTests {

    private static final String TABLE = "city,people\nBern,134794\nZug,30618\n";

    @TempDir
    private Path folder;

    private RedisServer redis;

    /** One that remembers, over being killed, what it was told. */
    @BeforeEach
    void startRedis() throws IOException {
        redis = RedisServer.start(
                Files.createDirectory(folder.resolve("redis")), "--appendonly", "yes", "--appendfsync", "always");
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    @Test
    void itStartsSaysWhatIsMissingAndWorksAsSoonAsThatIsThere() {
        redis.kill();
        try (Desk desk = desk()) {
            DeskClient client = desk.client();
            assertThat(client.get("/").status()).isEqualTo(200);
            assertUnavailable(client.get("/jobs"));
            assertUnavailable(client.get("/jobs/01m7wkmt3wrt8khkmwhkbn0e5z"));
            assertUnavailable(client.upload("cities.csv", TABLE));
            assertUnavailable(client.compare(TABLE, TABLE));
            assertUnavailable(
                    client.post("/jobs/zip", "application/json", "{\"ids\":[\"01m7wkmt3wrt8khkmwhkbn0e5z\"]}"));
            Answer health = client.get("/actuator/health");
            assertThat(health.status()).isEqualTo(503);
            assertThat(registry(health).get("error").asString())
                    .contains("Redis at 127.0.0.1:" + redis.port() + " cannot be reached")
                    .contains("Check that Redis runs");

            redis.startAgain();

            Answer made = await().until(() -> client.upload("cities.csv", TABLE), answer -> answer.status() == 201);
            assertThat(client.get("/jobs").text())
                    .contains(made.json().get("id").asString());
            assertThat(client.compare(TABLE, TABLE).status()).isEqualTo(200);
            Answer healthy = client.get("/actuator/health");
            assertThat(healthy.status()).isEqualTo(200);
            assertThat(registry(healthy).get("name").asString()).isEqualTo("redis");
        }
    }

    @Test
    void itAttachesToTheKeptJobsWhenRedisComes() {
        String kept;
        try (Desk before = desk()) {
            kept = before.client().newJob("kept.csv", TABLE);
            before.client().post("/jobs/" + kept + "/keep");
        }
        redis.kill();
        try (Desk desk = desk()) {
            assertUnavailable(desk.client().get("/jobs"));

            redis.startAgain();

            await().until(() -> desk.client().get("/jobs").status() == 200);
            JsonNode directory = desk.client().get("/jobs/" + kept).json().get("directory");
            assertThat(directory.get("locked").asBoolean()).isTrue();
            assertThat(directory.get("owners").get(0).get("pid").asLong())
                    .isEqualTo(ProcessHandle.current().pid());
        }
    }

    private Desk desk() {
        return Desk.start(
                folder,
                "monolith.cache.redis.host=127.0.0.1",
                "monolith.cache.redis.port=" + redis.port(),
                "monolith.cache.redis.timeout=1s");
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(Duration.ofSeconds(Long.parseLong(answer.header("Retry-After"))))
                .isPositive();
        assertThat(answer.json().get("detail").asString())
                .startsWith("Redis")
                .contains("Try again")
                .contains("/actuator/health");
    }

    private static JsonNode registry(Answer health) {
        return health.json()
                .get("components")
                .get("monolithCache")
                .get("details")
                .get("registry");
    }
}
