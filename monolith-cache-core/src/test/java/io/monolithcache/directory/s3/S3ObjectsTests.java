// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.redis.TcpProxy;
import io.monolithcache.directory.s3.PutOutcome.Known;
import io.monolithcache.directory.s3.S3Objects.Listed;
import io.monolithcache.directory.s3.S3Objects.Page;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of a real server, as {@link S3Objects} uses it. */
@ExtendWith(S3Server.Started.class)
class S3ObjectsTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    private final CountedRequests requests = new CountedRequests();
    private S3Server server;
    private S3Client client;
    private String bucket;
    private S3Objects objects;

    @BeforeEach
    void openBucket(S3Server started) {
        server = started;
        bucket = server.bucket();
        client = server.builder(server.port())
                .overrideConfiguration(override -> override.addExecutionInterceptor(requests))
                .build();
        objects = objects(client);
    }

    private S3Objects objects(S3Client over) {
        return new S3Objects(() -> over, S3Place.of("s3://" + bucket + "/some/prefix"), TIMEOUT);
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void whatIsThereIsNotWrittenAgain() {
        assertThat(objects.putIfAbsent("a", TEXT)).isEqualTo(Known.WRITTEN);
        assertThat(objects.putIfAbsent("a", new byte[0])).isEqualTo(Known.REFUSED);

        assertThat(Objects.requireNonNull(objects.get("a")).content()).isEqualTo(TEXT);
        assertThat(requests.take()).containsExactly("PutObject", "PutObject", "GetObject");
    }

    @Test
    void exactlyOneOfSeveralWrites() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                String key = "race/" + round;
                Callable<PutOutcome> write = () -> objects.putIfAbsent(key, TEXT);
                List<PutOutcome> outcomes = new ArrayList<>();
                for (var outcome : threads.invokeAll(List.of(write, write, write, write))) {
                    outcomes.add(outcome.get());
                }
                assertThat(outcomes)
                        .containsExactlyInAnyOrder(Known.WRITTEN, Known.REFUSED, Known.REFUSED, Known.REFUSED);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anObjectTellsItsTimeByTheClockOfTheStore() {
        objects.put("a", TEXT);

        S3Objects.Found found = Objects.requireNonNull(objects.get("a"));

        assertThat(found.lastModified()).isBetween(Instant.now().minusSeconds(30), Instant.now());
        assertThat(found.date()).isAfterOrEqualTo(found.lastModified()).isBeforeOrEqualTo(Instant.now());
        assertThat(objects.list("", null).date()).isAfterOrEqualTo(found.date());
    }

    @Test
    void whatIsNotThereIsNull() {
        assertThat(objects.get("missing")).isNull();
    }

    @Test
    void listingsAreInOrderAndMayBeginBehindAKey() {
        for (String key : List.of("a/1", "a/2", "b/1", "c")) {
            objects.put(key, TEXT);
        }

        assertThat(keys(objects.list("", null))).containsExactly("a/1", "a/2", "b/1", "c");
        assertThat(keys(objects.list("a/", "a/1"))).containsExactly("a/2");
        assertThat(objects.list("nothing", null).end()).isNull();
        Page folders = objects.listFolders("", null);
        assertThat(folders.folders()).containsExactly("a/", "b/");
        assertThat(keys(folders)).containsExactly("c");
        assertThat(objects.listFolders("", "a0").folders()).containsExactly("b/");
    }

    private static List<String> keys(Page page) {
        return page.objects().stream().map(Listed::key).toList();
    }

    @Test
    void moreThanAPageIsListedLazilyAndDeletedInBatches() {
        IntStream.range(0, 1_005).parallel().forEach(number -> objects.put("many/" + number + "/x", new byte[0]));
        objects.put("other", TEXT);
        requests.take();

        try (Stream<Listed> some = objects.all("many/")) {
            assertThat(some.limit(10)).hasSize(10);
        }
        assertThat(requests.take()).containsExactly("ListObjectsV2");
        try (Stream<Listed> all = objects.all("many/");
                Stream<String> folders = objects.folders("many/")) {
            assertThat(all.map(Listed::key).distinct()).hasSize(1_005);
            assertThat(folders.distinct()).hasSize(1_005);
        }
        assertThat(requests.take()).hasSize(4).containsOnly("ListObjectsV2");

        assertThat(objects.deleteAll("many/")).isEqualTo(1_005);
        assertThat(requests.take()).containsExactly("ListObjectsV2", "DeleteObjects", "ListObjectsV2", "DeleteObjects");
        assertThat(keys(objects.list("", null))).containsExactly("other");
    }

    @Test
    void deletingWhatIsNotThereIsNoError() {
        objects.delete("missing");
        objects.delete(List.of("missing", "missing too"));
        objects.delete(List.of());

        assertThat(requests.take()).containsExactly("DeleteObject", "DeleteObjects");
    }

    @Test
    void aMissingBucketIsNamedWithWhatToDo() {
        S3Objects nowhere = new S3Objects(() -> client, S3Place.of("s3://missing-bucket/prefix"), TIMEOUT);

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> nowhere.get("a"))
                .withMessageContaining("Could not read a in s3://missing-bucket/prefix/")
                .withMessageContaining("Create the bucket missing-bucket");
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> nowhere.putIfAbsent("a", TEXT));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> nowhere.list("", null));
    }

    @Test
    void wrongCredentialsAreToldAndNotShown() {
        try (S3Client wrong = server.builder(server.port())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(server.accessKey(), "not-it")))
                .build()) {
            assertThatExceptionOfType(CacheBackendException.class)
                    .isThrownBy(() -> objects(wrong).get("a"))
                    .withMessageContaining("Check the credentials, spring.cloud.aws.credentials")
                    .withMessageNotContainingAny("not-it", server.accessKey());
        }
    }

    @Test
    void aServerThatIsNotThereIsUnknownForAWriteAndAFailureElse() {
        try (TcpProxy way = new TcpProxy(server.port());
                S3Client cut = server.builder(way.port())
                        .overrideConfiguration(override -> override.addExecutionInterceptor(requests))
                        .build()) {
            way.cut();

            PutOutcome outcome = objects(cut).putIfAbsent("a", TEXT);

            assertThat(requests.take()).containsExactly("PutObject");
            assertThat(outcome).isInstanceOf(PutOutcome.Unknown.class);
            assertThatExceptionOfType(CacheBackendException.class).isThrownBy(outcome::isWritten);
            assertThatExceptionOfType(CacheBackendException.class)
                    .isThrownBy(() -> objects(cut).get("a"))
                    .withMessageContaining("spring.cloud.aws.endpoint");
            assertThat(requests.take()).hasSizeBetween(2, 4).containsOnly("GetObject");
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() {
        try (TcpProxy way = new TcpProxy(server.port());
                S3Client stalled = server.builder(way.port()).build()) {
            way.stall(true);
            S3Objects impatient = new S3Objects(() -> stalled, S3Place.of("s3://" + bucket), Duration.ofMillis(300));

            assertThat(impatient.putIfAbsent("a", TEXT)).isInstanceOf(PutOutcome.Unknown.class);
            assertThatExceptionOfType(CacheBackendException.class)
                    .isThrownBy(() -> impatient.get("a"))
                    .withMessageContaining("did not answer in time");
        }
    }

    @Test
    void placesAreReadAsPeopleWriteThem() {
        assertThat(S3Place.of("s3://bucket")).isEqualTo(new S3Place("bucket", ""));
        assertThat(S3Place.of("s3://bucket/a/b")).isEqualTo(new S3Place("bucket", "a/b/"));
        assertThat(S3Place.of("s3://bucket/a/b/")).hasToString("s3://bucket/a/b/");
        for (String wrong : List.of(
                "bucket/a",
                "s3:/bucket",
                "s3://",
                "s3://b",
                "s3://bucket//a",
                "s3://bucket/../a",
                "s3://bucket/a/./b",
                "s3://bucket/a\nb",
                "s3://bucket/" + "x".repeat(600))) {
            assertThatExceptionOfType(IllegalArgumentException.class).as(wrong).isThrownBy(() -> S3Place.of(wrong));
        }
    }
}
