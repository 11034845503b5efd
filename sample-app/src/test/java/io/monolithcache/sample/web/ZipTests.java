// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.sample.Desk;
import io.monolithcache.sample.DeskClient.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The files of several jobs as one archive. */
@ExtendWith(OutputCaptureExtension.class)
class ZipTests {

    @AutoClose
    private static Desk desk;

    @BeforeAll
    static void start(@TempDir Path root) {
        desk = Desk.start(root);
    }

    @Test
    void theArchiveHasTheFilesOfEachJobAndIsGoneAfterwards() throws Exception {
        String one = desk.client().newJob("one.csv", "a,b\n1,2\n");
        String other = desk.client().newJob("other.jsonl", "{\"a\":1}\n");
        List<String> before = desk.directories();

        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + desk.port() + "/jobs/zip"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(
                                        "{\"ids\":[\"" + one + "\",\"" + other + "\",\"" + one + "\"]}"))
                                .build(),
                        BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/zip");
        assertThat(answer.headers().firstValue("Content-Disposition").orElseThrow())
                .contains("attachment", "jobs.zip");
        Map<String, byte[]> entries = entries(answer.body());
        assertThat(entries)
                .containsOnlyKeys(
                        one + "/input.csv",
                        one + "/data.parquet",
                        one + "/profile.json",
                        other + "/input.jsonl",
                        other + "/data.parquet",
                        other + "/profile.json");
        assertThat(new String(entries.get(one + "/input.csv"), StandardCharsets.UTF_8))
                .isEqualTo("a,b\n1,2\n");
        await().until(() -> desk.directories().equals(before));
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }

    @Test
    void aJobThatIsNotThereIsAProblemAndNoArchive() {
        List<String> before = desk.directories();
        Answer answer = zip("{\"ids\":[\"01m7wxdr2sp3rppsz5xs3hxygc\"]}");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        await().until(() -> desk.directories().equals(before));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"ids\":[]}", "{\"ids\":null}", "{\"ids\":[null]}", "{\"ids\":[\"../../etc\"]}", "{"})
    void badInputIsTold(String body) {
        Answer answer = zip(body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource({"application/json, 400", "application/x-www-form-urlencoded, 415"})
    void whatIsNoListOfIdsIsToldHowToSendOne(String type, int status) {
        Answer answer = zip(type, "null");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().get("detail").asString()).contains("-H 'Content-Type: application/json'", "{\"ids\":");
    }

    /** More than the sockets of both sides hold, so that the client is gone while its response is written. */
    @Test
    void aClientThatGoesAwayLeavesNothingAndIsNoFailure(CapturedOutput log) throws Exception {
        StringBuilder rows = new StringBuilder("v\n");
        Random random = new Random(1);
        for (int i = 0; i < 300_000; i++) {
            rows.append(Long.toHexString(random.nextLong()))
                    .append(Long.toHexString(random.nextLong()))
                    .append('\n');
        }
        String id = desk.client().newJob("large.csv", rows.toString());
        List<String> before = desk.directories();
        String body = "{\"ids\":[\"" + id + "\"]}";

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), desk.port())) {
            socket.getOutputStream()
                    .write(("POST /jobs/zip HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200");
            assertThat(desk.directories()).hasSize(before.size() + 1);
            socket.setSoLinger(true, 0);
        }

        await().until(() -> desk.directories().equals(before));
        assertThat(log.getAll()).doesNotContain("A request failed", "Failure in @ExceptionHandler");
    }

    private static Answer zip(String body) {
        return zip("application/json", body);
    }

    private static Answer zip(String type, String body) {
        return desk.client().post("/jobs/zip", type, body);
    }
}
