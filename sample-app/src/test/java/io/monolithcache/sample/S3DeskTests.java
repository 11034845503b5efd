// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.redis.TcpProxy;
import io.monolithcache.directory.s3.S3Server;
import io.monolithcache.sample.DeskClient.Answer;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/** A desk whose jobs live in a bucket. */
@ExtendWith(S3Server.Started.class)
class S3DeskTests {

    private static final String TABLE = "city,people\nBern,134794\nZug,30618\n";

    @TempDir
    private Path root;

    private S3Server server;
    private String bucket;
    private TcpProxy way;

    @BeforeEach
    void makeBucket(S3Server started) {
        server = started;
        bucket = server.bucket();
        way = new TcpProxy(server.port());
    }

    @AfterEach
    void closeWay() {
        way.close();
    }

    private Desk desk() {
        return Desk.start(
                root,
                "monolith.cache.storage=s3",
                "monolith.cache.s3.path=s3://" + bucket + "/desks",
                "spring.cloud.aws.s3.enabled=true",
                "spring.cloud.aws.region.static=us-east-1",
                "spring.cloud.aws.endpoint=http://127.0.0.1:" + way.port(),
                "spring.cloud.aws.credentials.access-key=" + server.accessKey(),
                "spring.cloud.aws.credentials.secret-key=" + server.secretKey());
    }

    @Test
    void jobsLiveInTheBucketAndAreWorkedOnOnTheDisk() {
        try (Desk desk = desk()) {
            DeskClient client = desk.client();
            Answer made = client.upload("cities.csv", TABLE);
            assertThat(made.status()).as(made.text()).isEqualTo(201);
            String id = made.json().get("id").asString();

            assertThat(keys("desks/caches/" + id + "/"))
                    .contains("input.csv", "data.parquet", "profile.json")
                    .doesNotContain("upload");
            await("nothing of it is left on the disk")
                    .untilAsserted(() -> assertThat(onTheDisk()).doesNotContain("upload", "input.csv", "data.parquet"));
            assertThat(made.json().get("files").findValuesAsString("name"))
                    .containsExactly("input.csv", "data.parquet", "profile.json");
            assertThat(client.get("/jobs").json().get("storage").asString()).isEqualTo("s3");
            assertThat(client.compare(TABLE, TABLE).status()).isEqualTo(200);
            assertThat(storages(client.get("/actuator/cachedirectories").json()))
                    .containsOnly("s3", "local");
            JsonNode health = client.get("/actuator/health").json();
            assertThat(health.get("status").asString()).isEqualTo("UP");
            assertThat(health.get("components")
                            .get("monolithCache")
                            .get("details")
                            .propertyNames())
                    .contains("s3", "local");

            assertThat(client.delete("/jobs/" + id).status()).isEqualTo(204);
            assertThat(client.get("/jobs/" + id).status()).isEqualTo(404);
            await().until(() -> keys("desks/caches/" + id + "/"), List::isEmpty);
        }
    }

    /** Larger than what S3 is asked for at a time. */
    @Test
    void filesAreSentWholeAndInParts() throws IOException {
        String large = IntStream.range(0, 100_000)
                .mapToObj(n -> n + "," + "x".repeat(100) + "\n")
                .collect(Collectors.joining("", "n,text\n", ""));
        try (Desk desk = desk()) {
            DeskClient client = desk.client();
            String file = "/jobs/" + client.newJob("large.csv", large) + "/files/input.csv";

            Answer whole = client.get(file);
            assertThat(whole.text()).isEqualTo(large);
            assertThat(whole.header("Content-Length")).isEqualTo(String.valueOf(large.length()));
            assertThat(whole.header("Content-Disposition")).contains("large.csv");
            assertThat(onTheDisk()).as("it was not copied").doesNotContain("input.csv");
            assertThat(client.get(file, "If-Modified-Since", whole.header("Last-Modified"))
                            .status())
                    .isEqualTo(304);

            Answer part = client.get(file, "Range", "bytes=9000000-9000009");
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.text()).isEqualTo(large.substring(9_000_000, 9_000_010));
            assertThat(part.header("Last-Modified")).isEqualTo(whole.header("Last-Modified"));
            assertThat(client.get(file, "Range", "bytes=20000000-").status()).isEqualTo(416);
        }
    }

    @Test
    void whileS3IsAwayItSaysSoAndGoesOnAfterwards() {
        way.cut();
        try (Desk desk = desk()) {
            DeskClient client = desk.client();
            assertThat(client.get("/").status()).isEqualTo(200);
            assertUnavailable(client.get("/jobs"));
            assertUnavailable(client.upload("cities.csv", TABLE));
            assertThat(client.get("/actuator/health").status()).isEqualTo(503);

            way.mend();

            await().until(() -> client.get("/jobs").status() == 200);
            String id = client.newJob("cities.csv", TABLE);
            assertThat(client.get("/actuator/health").status()).isEqualTo(200);

            way.cut();

            assertUnavailable(client.get("/jobs"));
            assertUnavailable(client.get("/jobs/" + id));
            assertUnavailable(client.get("/jobs/" + id + "/files/input.csv"));
            assertUnavailable(client.post("/jobs/" + id + "/keep"));
            assertUnavailable(client.post("/jobs/zip", "application/json", "{\"ids\":[\"" + id + "\"]}"));
            assertThat(client.compare(TABLE, TABLE).status())
                    .as("needs no bucket")
                    .isEqualTo(200);

            way.mend();

            await().until(() -> client.get("/jobs/" + id).status() == 200);
            assertThat(client.get("/jobs/" + id + "/files/input.csv").text()).isEqualTo(TABLE);
            assertThat(client.post("/jobs/" + id + "/keep").status()).isEqualTo(200);
        }
    }

    /** Names below a prefix. */
    private List<String> keys(String prefix) {
        try (S3Client client = server.client()) {
            return client
                    .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
                    .contents()
                    .stream()
                    .map(object -> object.key().substring(prefix.length()))
                    .toList();
        }
    }

    /** The names of all files there. */
    private Set<String> onTheDisk() throws IOException {
        Set<String> names = new HashSet<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                names.add(file.getFileName().toString());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return names;
    }

    private static List<String> storages(JsonNode page) {
        return page.get("directories").findValuesAsString("storage");
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(answer.json().get("detail").asString())
                .startsWith("S3")
                .contains("Try again")
                .contains("/actuator/health");
    }
}
