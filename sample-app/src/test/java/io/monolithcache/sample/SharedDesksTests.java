// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.redis.RedisServer;
import io.monolithcache.sample.DeskClient.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Several desks, each a process, with one Redis. */
@Tag("crash")
class SharedDesksTests {

    private static final String TABLE = "city,people\nBern,134794\nZug,30618\n";
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration SWEEP = Duration.ofSeconds(1);

    /** What a busy machine may take on top. */
    private static final Duration SLACK = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private RedisServer redis;

    @BeforeEach
    void startRedis() throws IOException {
        redis = RedisServer.start(Files.createDirectory(folder.resolve("redis")));
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    @Test
    void eachListsShowsKeepsAndDeletesWhatTheOtherMade() throws IOException {
        try (DeskProcess one = desk("shared");
                DeskProcess other = desk("shared")) {
            String first = one.client().newJob("first.csv", TABLE);
            String second = one.client().newJob("second.csv", TABLE);

            assertThat(listed(other)).containsExactly(second, first);
            assertThat(other.client().get("/jobs/" + first + "/files/input.csv").text())
                    .isEqualTo(TABLE);
            JsonNode shown = other.client().get("/jobs/" + first).json();
            assertThat(shown.get("name").asString()).isEqualTo("first.csv");
            assertThat(pids(shown)).containsExactly(one.pid());
            assertThat(shown.get("directory").get("owners").get(0).get("host").asString())
                    .isNotBlank();

            assertThat(other.client().post("/jobs/" + first + "/keep").status()).isEqualTo(200);
            JsonNode kept = one.client().get("/jobs/" + first).json();
            assertThat(kept.get("directory").get("locked").asBoolean()).isTrue();
            assertThat(pids(kept)).containsExactlyInAnyOrder(one.pid(), other.pid());

            assertThat(one.client().delete("/jobs/" + first).status()).isEqualTo(204);
            assertThat(other.client().delete("/jobs/" + second).status()).isEqualTo(204);
            for (DeskProcess desk : List.of(one, other)) {
                assertThat(listed(desk)).isEmpty();
                assertThat(desk.client().get("/jobs/" + first).status()).isEqualTo(404);
                assertThat(desk.client().get("/jobs/" + second).status()).isEqualTo(404);
            }
            await("who holds it finds out with its next sweep")
                    .atMost(SWEEP.plus(SLACK))
                    .untilAsserted(() -> assertThat(caches("shared")).doesNotContain(first, second));
        }
    }

    @Test
    void whatIsInUseOutlivesItsMakerAndNothingElseDoes() throws Exception {
        String large = large();
        try (DeskProcess maker = desk("shared");
                DeskProcess user = desk("shared")) {
            String used = maker.client().newJob("used.csv", large);
            String unused = maker.client().newJob("unused.csv", TABLE);
            String kept = maker.client().newJob("kept.csv", TABLE);
            maker.client().post("/jobs/" + kept + "/keep");

            try (InputStream body = download(user, used)) {
                String begin = new String(body.readNBytes(1_000), UTF_8);
                maker.kill();

                await("what nobody holds goes within two leases and a sweep")
                        .atMost(LEASE.multipliedBy(2).plus(SWEEP).plus(SLACK))
                        .until(() -> !caches("shared").contains(unused));
                assertThat(listed(user)).containsExactly(kept, used);
                assertThat(pids(user.client().get("/jobs/" + used).json())).containsExactly(user.pid());
                assertThat(begin + new String(body.readAllBytes(), UTF_8)).isEqualTo(large);
            }

            await("the download was the last that held it")
                    .untilAsserted(() ->
                            assertThat(caches("shared")).doesNotContain(used).contains(kept));
            assertThat(user.client().get("/jobs/" + kept + "/files/input.csv").text())
                    .isEqualTo(TABLE);
            assertThat(user.client().delete("/jobs/" + kept).status()).isEqualTo(204);
            await().until(() -> !caches("shared").contains(kept));
        }
    }

    @Test
    void whileRedisIsAwayEachSaysSo() throws IOException {
        try (DeskProcess one = desk("shared");
                DeskProcess other = desk("shared")) {
            String held = one.client().newJob("held.csv", TABLE);

            redis.kill();

            for (DeskProcess desk : List.of(one, other)) {
                assertUnavailable(desk.client().get("/jobs"));
                assertUnavailable(desk.client().get("/jobs/" + held));
                assertUnavailable(desk.client().upload("new.csv", TABLE));
                assertThat(desk.client().get("/actuator/health").status()).isEqualTo(503);
            }
        }
    }

    /** Jobs, one of them kept, a download, and an upload; and a desk that dies with Redis, and leaves a job. */
    @Test
    void nothingThatIsInUseIsLostWhenRedisIsKilledAndStartsEmpty() throws Exception {
        String large = large();
        byte[] begin = (DeskClient.partHead("file", "sent.csv") + "city,people\nBern,134794\n").getBytes(UTF_8);
        byte[] end = ("Zug,30618\n" + DeskClient.partsEnd()).getBytes(UTF_8);
        try (DeskProcess one = desk("shared");
                DeskProcess other = desk("shared");
                DeskProcess dead = desk("shared");
                Socket upload = new Socket(InetAddress.getLoopbackAddress(), one.port())) {
            String read = dead.client().newJob("read.csv", large);
            String left = dead.client().newJob("left.csv", TABLE);
            String held = one.client().newJob("held.csv", TABLE);
            String kept = one.client().newJob("kept.csv", TABLE);
            one.client().post("/jobs/" + kept + "/keep");
            upload.getOutputStream()
                    .write(DeskClient.uploadHead(begin.length + end.length).getBytes(UTF_8));
            upload.getOutputStream().write(begin);
            await("the upload is under way")
                    .until(() -> caches("shared").stream()
                            .anyMatch(id -> Files.exists(directory("shared", id).resolve("spool"))));

            try (InputStream download = download(other, read)) {
                String first = new String(download.readNBytes(1_000), UTF_8);

                dead.kill();
                redis.kill();
                redis.startAgain();

                upload.getOutputStream().write(end);
                String answer = new String(upload.getInputStream().readAllBytes(), UTF_8);
                assertThat(answer).startsWith("HTTP/1.1 201");
                String sent = answer.replaceAll("(?s).*Location: /jobs/(\\w+).*", "$1");
                await("what the dead desk left goes when two leases have passed")
                        .atMost(LEASE.multipliedBy(2).plus(SWEEP).plus(SLACK))
                        .until(() -> !caches("shared").contains(left));

                for (DeskProcess desk : List.of(one, other)) {
                    assertThat(desk.client().post("/actuator/cachedirectories").status())
                            .isEqualTo(200);
                    assertThat(listed(desk)).containsExactly(sent, kept, held, read);
                    JsonNode locked = desk.client().get("/jobs/" + kept).json();
                    assertThat(locked.get("directory").get("locked").asBoolean())
                            .isTrue();
                    assertThat(pids(locked)).containsExactly(one.pid());
                    assertThat(pids(desk.client().get("/jobs/" + held).json())).containsExactly(one.pid());
                    assertThat(desk.client()
                                    .get("/jobs/" + held + "/files/input.csv")
                                    .text())
                            .isEqualTo(TABLE);
                    assertThat(desk.client().get("/actuator/health").status()).isEqualTo(200);
                }
                assertThat(first + new String(download.readAllBytes(), UTF_8)).isEqualTo(large);
            }
            await("the download was the last that held it")
                    .untilAsserted(() ->
                            assertThat(caches("shared")).doesNotContain(read).contains(held, kept));
        }
    }

    /** As a laptop that sleeps, or a virtual machine that is moved. */
    @Test
    void aDeskThatStoodStillForLongerThanItsLeaseServesTheNextRequest() throws IOException {
        try (DeskProcess paused = desk("shared");
                DeskProcess other = desk("shared")) {
            String unkept = paused.client().newJob("unkept.csv", TABLE);
            String kept = paused.client().newJob("kept.csv", TABLE);
            paused.client().post("/jobs/" + kept + "/keep");
            // whoever sees what others made sweeps it when they die
            assertThat(listed(other)).containsExactly(kept, unkept);

            paused.signal("STOP");
            await("others take it for dead")
                    .atMost(LEASE.plus(SWEEP).plus(SLACK))
                    .until(() -> caches("shared"), List.of(kept)::equals);
            paused.signal("CONT");

            Answer next = paused.client().upload("next.csv", TABLE);
            assertThat(next.status()).as(next.text()).isEqualTo(201);
            String made = next.json().get("id").asString();
            assertThat(listed(paused)).containsExactly(made, kept);
            assertThat(listed(other)).containsExactly(made, kept);
            assertThat(paused.client().get("/jobs/" + unkept).status()).isEqualTo(404);
            assertThat(paused.client().get("/jobs/" + kept + "/files/input.csv").text())
                    .isEqualTo(TABLE);
            assertThat(paused.client().get("/actuator/health").status()).isEqualTo(200);
        }
    }

    @Test
    void desksWithARootEachOnlyListEachOthersDirectories() throws IOException {
        try (DeskProcess one = desk("one");
                DeskProcess other = desk("other")) {
            String id = one.client().newJob("cities.csv", TABLE);

            JsonNode seen =
                    other.client().get("/actuator/cachedirectories/" + id).json();
            assertThat(seen.get("location").asString()).contains("/one/");
            assertThat(seen.get("owners").get(0).get("pid").asLong()).isEqualTo(one.pid());
            assertThat(other.client().get("/actuator/cachedirectories").text()).contains(id);

            assertThat(listed(other)).isEmpty();
            assertThat(other.client().get("/jobs/" + id).status()).isEqualTo(404);
            assertThat(other.client().delete("/jobs/" + id).status()).isEqualTo(404);
            assertThat(listed(one)).containsExactly(id);
        }
    }

    private DeskProcess desk(String root) throws IOException {
        return DeskProcess.start(
                Files.createDirectories(folder.resolve(root)),
                "monolith.cache.redis.host=127.0.0.1",
                "monolith.cache.redis.port=" + redis.port(),
                "monolith.cache.redis.lease=" + LEASE.toMillis() + "ms",
                "monolith.cache.redis.timeout=1s",
                "monolith.cache.directories.sweep-interval=" + SWEEP.toMillis() + "ms");
    }

    /** More than the buffers of a connection take. */
    private static String large() {
        return IntStream.range(0, 250_000)
                .mapToObj(n -> n + "," + "x".repeat(100) + "\n")
                .collect(Collectors.joining("", "n,text\n", ""));
    }

    private static InputStream download(DeskProcess desk, String job) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(desk.client().request("/jobs/" + job + "/files/input.csv").build(), BodyHandlers.ofInputStream())
                .body();
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(answer.json().get("detail").asString()).contains("Redis").contains("Try again");
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

    private List<String> caches(String root) throws IOException {
        try (Stream<Path> directories = Files.list(directory(root, ""))) {
            return directories.map(path -> path.getFileName().toString()).toList();
        }
    }

    private Path directory(String root, String id) {
        return folder.resolve(root).resolve("root/monolith-cache/caches").resolve(id);
    }
}
