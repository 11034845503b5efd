// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.s3.S3Server;
import io.monolithcache.sample.DeskClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.JsonNode;

/** Two desks, each a process with a disk of its own, on one bucket. */
@Tag("crash")
@ExtendWith(S3Server.Started.class)
class S3DesksTests {

    private static final String TABLE = "city,people\nBern,134794\nZug,30618\n";
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration SWEEP = Duration.ofSeconds(1);

    /** What a busy machine may take on top. */
    private static final Duration SLACK = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private S3Server server;
    private String bucket;

    @BeforeEach
    void makeBucket(S3Server started) {
        server = started;
        bucket = server.bucket();
    }

    @Test
    void eachWorksWithWhatTheOtherMadeAndOnlyWhatIsKeptOutlivesItsMaker() throws IOException {
        try (DeskProcess one = desk("one");
                DeskProcess other = desk("other")) {
            String kept = one.client().newJob("kept.csv", TABLE);
            String unkept = one.client().newJob("unkept.csv", TABLE);

            assertThat(listed(other)).containsExactly(unkept, kept);
            JsonNode shown = other.client().get("/jobs/" + kept).json();
            assertThat(shown.get("name").asString()).isEqualTo("kept.csv");
            assertThat(shown.get("profile").get("rows").asInt()).isEqualTo(2);
            JsonNode directory = shown.get("directory");
            assertThat(directory.get("storage").asString()).isEqualTo("s3");
            assertThat(directory.get("location").asString())
                    .isEqualTo("s3://" + bucket + "/desks/caches/" + kept + "/");
            assertThat(pids(shown)).containsExactly(one.pid());
            assertThat(other.client().get("/jobs/" + kept + "/files/input.csv").text())
                    .isEqualTo(TABLE);
            Answer archive = other.client()
                    .post("/jobs/zip", "application/json", "{\"ids\":[\"" + kept + "\",\"" + unkept + "\"]}");
            assertThat(archive.status()).isEqualTo(200);
            assertThat(archive.text()).contains(kept + "/input.csv", unkept + "/data.parquet");

            assertThat(other.client().post("/jobs/" + kept + "/keep").status()).isEqualTo(200);
            assertThat(pids(one.client().get("/jobs/" + kept).json()))
                    .containsExactlyInAnyOrder(one.pid(), other.pid());
            one.kill();

            await("what nobody kept goes after the lease and a sweep")
                    .atMost(LEASE.multipliedBy(2).plus(SWEEP).plus(SLACK))
                    .until(() -> files(unkept), List::isEmpty);
            assertThat(listed(other)).containsExactly(kept);
            assertThat(other.client().get("/jobs/" + unkept).status()).isEqualTo(404);
            JsonNode left = other.client().get("/jobs/" + kept).json();
            assertThat(left.get("directory").get("locked").asBoolean()).isTrue();
            assertThat(pids(left)).containsExactly(other.pid());
            assertThat(other.client().get("/jobs/" + kept + "/files/input.csv").text())
                    .isEqualTo(TABLE);
            assertThat(other.client().delete("/jobs/" + kept).status()).isEqualTo(204);
            await().until(() -> files(kept), List::isEmpty);
        }
    }

    /** With the three properties, and what the SDK of AWS asks its environment for. */
    private DeskProcess desk(String disk) throws IOException {
        return DeskProcess.startWith(
                Map.of(
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", server.accessKey(),
                        "AWS_SECRET_ACCESS_KEY", server.secretKey(),
                        "AWS_ENDPOINT_URL_S3", server.endpoint().toString()),
                Files.createDirectories(folder.resolve(disk)),
                "monolith.cache.storage=s3",
                "monolith.cache.s3.path=s3://" + bucket + "/desks",
                "spring.cloud.aws.s3.enabled=true",
                "monolith.cache.s3.lease=" + LEASE.toMillis() + "ms",
                "monolith.cache.s3.sweep-interval=" + SWEEP.toMillis() + "ms");
    }

    private List<String> files(String job) {
        try (S3Client client = server.client()) {
            return client
                    .listObjectsV2Paginator(request -> request.bucket(bucket).prefix("desks/caches/" + job + "/"))
                    .contents()
                    .stream()
                    .map(S3Object::key)
                    .toList();
        }
    }

    private static List<String> listed(DeskProcess desk) {
        return desk.client()
                .get("/jobs")
                .json()
                .get("jobs")
                .valueStream()
                .map(job -> job.get("id").asString())
                .toList();
    }

    private static List<Long> pids(JsonNode job) {
        return job.get("directory")
                .get("owners")
                .valueStream()
                .map(owner -> owner.get("pid").asLong())
                .toList();
    }
}
