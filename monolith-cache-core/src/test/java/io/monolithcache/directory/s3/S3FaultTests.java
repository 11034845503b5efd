// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.RelativeName;
import io.monolithcache.directory.s3.S3Faults.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever fails on the way: nothing wrong is handed out, nothing is left under way, and nobody tries for ever. */
@Tag("long")
@ExtendWith(S3Server.Started.class)
class S3FaultTests {

    private static final int PART = S3Bucket.PART;
    private static final int ATTEMPTS_OF_THE_CLIENT = 4;
    private static final RelativeName NAME = new RelativeName("a.bin");

    @TempDir
    Path scratch;

    private S3Bucket bucket;
    private S3Faults way;
    private S3DirectoryStorage storage;
    private CacheId id;
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @BeforeEach
    void openStorage(S3Server server) {
        bucket = new S3Bucket(server, scratch.resolve("copies"));
        way = new S3Faults(server.port());
        storage = bucket.open(bucket.objects(way.port(), Duration.ofSeconds(20)), "this-owner", bucket.settings());
        id = CacheId.random(Instant.now());
        storage.publish(storage.prepare(), id, Map.of("colour", "green"));
        bucket.requests.take();
    }

    @AfterEach
    void closeStorage() throws Exception {
        other.shutdownNow();
        storage.close();
        way.close();
        bucket.close();
    }

    private byte[] write(int length) throws IOException {
        byte[] content = bytes(length);
        try (OutputStream out = storage.resource(id, NAME, () -> {}).getOutputStream()) {
            out.write(content);
        }
        bucket.requests.take();
        return content;
    }

    private static byte[] bytes(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    private byte[] read() throws IOException {
        try (InputStream in = storage.resource(id, NAME, () -> {}).getInputStream()) {
            return in.readAllBytes();
        }
    }

    static Stream<Fault> onTheWayBack() {
        return Stream.of(
                new Fault.Answer(500, "InternalError"),
                new Fault.Answer(503, "SlowDown"),
                new Fault.Lose(),
                new Fault.Cut(0),
                new Fault.Cut(PART / 2),
                new Fault.Shorten(PART / 3),
                new Fault.Corrupt(PART / 2));
    }

    @ParameterizedTest
    @MethodSource("onTheWayBack")
    void aDownloadComesWholeInSpiteOfOneFailure(Fault fault) throws IOException {
        byte[] content = write(2 * PART + 3);
        way.spoil(1, "GET", "/caches/", fault);

        assertThat(storage.download(id, NAME)).hasBinaryContent(content);

        assertThat(way.left()).isZero();
        assertThat(bucket.requests.take()).hasSizeBetween(4, 13);
    }

    @ParameterizedTest
    @MethodSource("onTheWayBack")
    void aDownloadThatFailsEachTimeEndsAndLeavesNothing(Fault fault) throws IOException {
        write(PART + 2);
        // half of it each time would be all in the end
        way.spoil(1_000, "GET", "/caches/", withoutProgress(fault));

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> storage.download(id, NAME))
                .withMessageContaining("a.bin")
                .withMessageContaining(id.value());

        assertThat(bucket.requests.take()).hasSizeLessThan(60);
        try (Stream<Path> left = Files.walk(scratch)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private static Fault withoutProgress(Fault fault) {
        if (fault instanceof Fault.Shorten) {
            return new Fault.Shorten(0);
        }
        return fault instanceof Fault.Cut cut ? new Fault.Cut(Math.min(cut.after(), 1)) : fault;
    }

    @ParameterizedTest
    @MethodSource("onTheWayBack")
    void aStreamGoesOnWhereItWasOrFailsAndNeverEndsWithSomethingElse(Fault fault) throws IOException {
        byte[] content = write(PART + 2);
        way.spoil(1, "GET", "/caches/", fault);

        if (fault instanceof Fault.Corrupt) {
            assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("checksum");
        } else if (!(fault instanceof Fault.Shorten)) {
            assertThat(read()).isEqualTo(content);
        } else {
            assertThatThrownBy(this::read).isInstanceOf(IOException.class);
        }
        assertThat(way.left()).isZero();
    }

    /** There is no checksum of ours that would tell. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aRangeThatIsShorterThanAskedForLeavesNoHole(int passed) throws IOException {
        byte[] content = bytes(2 * PART + 3);
        bucket.put(S3Layout.cache(id) + NAME, content);
        way.spoil(1, "GET", "/caches/", passed, new Fault.Narrow(2));

        assertThat(storage.download(id, NAME)).hasBinaryContent(content);
        assertThat(way.left()).isZero();
    }

    @Test
    void aStoreWhoseRangesAreAlwaysTooShortIsGivenUp() throws IOException {
        bucket.put(S3Layout.cache(id) + NAME, bytes(PART + 2));
        way.spoil(1_000, "GET", "/caches/", new Fault.Narrow(1));

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> storage.download(id, NAME))
                .withMessageContaining("a.bin");
    }

    private S3DirectoryStorage forgetful(Forgotten forgotten) {
        return bucket.open(
                bucket.forgetful(way.port(), forgotten),
                "forgetful",
                bucket.settings().withConnections(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aStoreThatForgetsARangeLeavesNoHole(int forgotten) throws IOException {
        byte[] content = bytes(2 * PART + 3);
        bucket.put(S3Layout.cache(id) + NAME, content);
        S3DirectoryStorage forgetful = forgetful(Forgotten.ranges(read -> read == forgotten));

        assertThat(forgetful.download(id, NAME)).hasBinaryContent(content);
        forgetful.close();
    }

    @Test
    void aWholeFileThatGoesOnAsARangeIsRefused() throws IOException {
        bucket.put(S3Layout.cache(id) + NAME, bytes(PART + 3));
        S3DirectoryStorage forgetful = forgetful(Forgotten.ranges(read -> read == 0));
        way.spoil(ATTEMPTS_OF_THE_CLIENT, "GET", "/caches/", new Fault.Cut(PART / 2));

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> forgetful.download(id, NAME))
                .havingCause()
                .withMessageContaining("and then does not");
        forgetful.close();
    }

    @Test
    void aStoreThatKnowsNoConditionsDoesNotMixVersions() throws Exception {
        bucket.put(S3Layout.cache(id) + NAME, bytes(2 * PART + 3));
        S3DirectoryStorage forgetful = forgetful(Forgotten.conditions());
        CountDownLatch goOn = new CountDownLatch(1);
        way.spoil(1, "GET", "/caches/", new Fault.Pause(1, goOn));
        Future<Path> copy = other.submit(() -> forgetful.download(id, NAME));
        await().until(() -> way.left() == 0);
        bucket.put(S3Layout.cache(id) + NAME, bytes(2 * PART + 2));
        goOn.countDown();

        assertThatThrownBy(() -> copy.get(20, TimeUnit.SECONDS)).hasMessageContaining("another version");
        forgetful.close();
    }

    /** What was read stays what it was read from, and a shorter one is read anew. */
    @Test
    void anObjectThatIsEmptyAllAtOnceIsReadAnew() throws Exception {
        bucket.put(S3Layout.cache(id) + NAME, bytes(PART - 1));
        way.spoil(1, "GET", "/caches/", new Fault.Cut(PART / 2));
        way.spoil(1, "GET", "/caches/", new Fault.Answer(416, "InvalidRange"));

        assertThat(storage.download(id, NAME)).hasBinaryContent(bytes(PART - 1));
    }

    @Test
    void whatIsGivenUpIsNotReadToItsEnd() throws Exception {
        bucket.put(S3Layout.cache(id) + NAME, bytes(2 * PART));
        CountDownLatch goOn = new CountDownLatch(1);
        S3Objects objects = bucket.objects(way.port(), Duration.ofSeconds(20));
        Path target = Files.createFile(scratch.resolve("given-up"));
        AtomicBoolean over = new AtomicBoolean();
        ObjectRange range = new ObjectRange(objects, S3Layout.cache(id) + NAME, target, 0, 2L * PART, null, over::get);
        way.spoil(1, "GET", "/caches/", new Fault.Pause(1, goOn));
        Future<?> read = other.submit(() -> range.read(request -> {}, begun -> over.set(true)));
        await().until(() -> way.left() == 0);
        goOn.countDown();

        assertThatThrownBy(() -> read.get(20, TimeUnit.SECONDS)).hasMessageContaining("Given up");
        assertThat(bucket.requests.take()).hasSize(1);
    }

    @Test
    void theOtherPartsComeBesideTheFirstOne() throws Exception {
        byte[] content = write(3 * PART);
        CountDownLatch goOn = new CountDownLatch(1);
        way.spoil(1, "GET", "/caches/", new Fault.Pause(1, goOn));
        way.spoil(2, "GET", "/caches/", new Fault.Hold(new CountDownLatch(0)));
        Future<Path> copy = other.submit(() -> storage.download(id, NAME));

        await().until(() -> way.left() == 0);
        goOn.countDown();

        assertThat(copy.get(20, TimeUnit.SECONDS)).hasBinaryContent(content);
    }

    /** Each part that comes is of one version. */
    @Test
    void anObjectThatIsReplacedBetweenItsPartsComesWholeAsTheNewOne() throws Exception {
        write(2 * PART + 3);
        S3DirectoryStorage alone = bucket.open(
                bucket.objects(way.port(), Duration.ofSeconds(20)),
                "alone",
                bucket.settings().withConnections(1));
        CountDownLatch goOn = new CountDownLatch(1);
        way.spoil(1, "GET", "/caches/", 1, new Fault.Hold(goOn));
        Future<Path> copy = other.submit(() -> alone.download(id, NAME));
        await().until(() -> way.left() == 0);
        byte[] replaced = write(2 * PART + 2);
        goOn.countDown();

        assertThat(copy.get(20, TimeUnit.SECONDS)).hasBinaryContent(replaced);
        alone.close();
    }

    @Test
    void aStreamThatBreaksAgainAndAgainWithoutAByteIsGivenUp() throws IOException {
        write(PART + 2);
        way.spoil(1_000, "GET", "/caches/", new Fault.Cut(0));

        assertThatThrownBy(this::read).isInstanceOf(IOException.class);

        assertThat(bucket.requests.take()).hasSizeLessThan(30);
    }

    @Test
    void aStreamDoesNotGoOnWithAnotherVersion() throws IOException {
        write(PART + 2);
        way.spoil(1, "GET", "/caches/", new Fault.Cut(PART / 2));
        try (InputStream in = storage.resource(id, NAME, () -> {}).getInputStream()) {
            assertThat(in.read()).isNotNegative();
            byte[] other = write(PART + 1);

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("replaced");
            assertThat(read()).isEqualTo(other);
        }
    }

    @Test
    void whatIsCorruptInTheStoreIsNeverHandedOut() throws IOException {
        byte[] content = write(PART + 2);
        content[PART + 1] ^= 1;
        bucket.corrupt(S3Layout.cache(id) + NAME, content);

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> storage.download(id, NAME))
                .withMessageContaining("checksum");
        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("checksum");
    }

    static Stream<Fault> onTheWayThere() {
        return Stream.of(new Fault.Answer(500, "InternalError"), new Fault.Answer(503, "SlowDown"), new Fault.Lose());
    }

    @ParameterizedTest
    @MethodSource("onTheWayThere")
    void aWriteSurvivesOneFailureOfEachOfItsRequests(Fault fault) throws IOException {
        for (String request : List.of("uploads", "/prepared/", "partNumber=2", "/sums/")) {
            String method = request.equals("uploads") ? "POST" : "PUT";
            way.spoil(1, method, request, fault);
            byte[] content = write(PART + 1);

            assertThat(way.left()).as(request).isZero();
            assertThat(read()).isEqualTo(content);
        }
    }

    @Test
    void aWriteWhoseEndIsNotAnsweredIsThere() throws IOException {
        way.spoil(1, "POST", "uploadId", new Fault.Lose());

        byte[] content = write(PART + 1);

        assertThat(way.left()).isZero();
        assertThat(read()).isEqualTo(content);
        assertThat(bucket.everything()).noneMatch(name -> name.contains("upload of"));
    }

    @ParameterizedTest
    @MethodSource("onTheWayThere")
    void aWriteThatFailsEachTimeLeavesNothingUnderWay(Fault fault) throws IOException {
        byte[] old = write(10);
        List<String> before = bucket.everything();
        way.spoil(1_000, "PUT", "partNumber=2", fault);

        assertThatThrownBy(() -> write(PART + 2)).isInstanceOf(IOException.class);

        assertThat(bucket.requests.take()).hasSizeLessThan(20);
        assertThat(read()).isEqualTo(old);
        assertThat(bucket.everything()).isEqualTo(before);
    }

    @Test
    void anUploadOfAFileThatFailsLeavesNothingUnderWay() throws IOException {
        Path source = Files.write(scratch.resolve("source"), bytes(2 * PART + 1));
        List<String> before = bucket.everything();
        way.spoil(1_000, "PUT", "partNumber=3", new Fault.Answer(500, "InternalError"));

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> storage.upload(id, source, NAME, () -> {}))
                .withMessageContaining("500")
                .withMessageContaining("try again");

        assertThat(bucket.everything()).isEqualTo(before);
    }

    @Test
    void aChangeOfMetadataWhoseAnswerIsLostHappensOnce() {
        for (int change = 1; change <= 3; change++) {
            way.spoil(1, "PUT", "/metadata/", new Fault.Lose());
            storage.updateMetadata(id, old -> Map.of("count", 1 + (int) old.getOrDefault("count", 0)));
        }

        assertThat(way.left()).isZero();
        assertThat(storage.metadata(id)).isEqualTo(Map.of("count", 3));
    }

    @Test
    void aChangeOfMetadataThatDidNotArriveHappensOnce() {
        way.spoil(1, "PUT", "/metadata/", new Fault.Answer(503, "SlowDown"));
        way.spoil(1, "PUT", "/metadata/", new Fault.Answer(409, "ConditionalRequestConflict"));
        storage.updateMetadata(id, old -> Map.of("count", 1 + (int) old.getOrDefault("count", 0)));

        assertThat(way.left()).isZero();
        assertThat(storage.metadata(id)).isEqualTo(Map.of("count", 1));
    }

    @Test
    void aChangeOfMetadataThatIsNeverAnsweredSaysThatItMayHaveHappened() {
        way.spoil(1_000, "PUT", "/metadata/", new Fault.Answer(500, "InternalError"));

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> storage.updateMetadata(id, old -> Map.of("count", 1)))
                .withMessageContaining("not known");
        assertThat(bucket.requests.take()).hasSizeLessThan(12);
    }

    @Test
    void aCacheIsTrashedByWhoeverAskedForItThoughTheAnswerIsLost() {
        way.spoil(1, "PUT", "/metadata/", new Fault.Lose());

        assertThat(storage.trash(id)).isNotNull();

        assertThat(storage.look(id)).isEqualTo(Look.GONE);
    }

    @Test
    void aWipeThatCouldNotBeFinishedIsFinishedByTheNextPurge() throws IOException {
        List<String> before = bucket.everything().stream()
                .filter(name -> !name.contains(id.value()))
                .toList();
        write(10);
        var trash = storage.trash(id);
        way.spoil(1_000, "POST", "delete", new Fault.Answer(500, "InternalError"));
        assertThat(trash).isNotNull();
        trash.delete();
        assertThat(bucket.everything()).isNotEqualTo(before);
        way.heal();

        assertThat(storage.purge()).isOne();

        assertThat(bucket.everything()).isEqualTo(before);
    }

    @Test
    void anAnswerThatDoesNotComeIsGivenUp() throws IOException {
        write(10);
        CountDownLatch never = new CountDownLatch(1);
        way.spoil(1_000, "GET", "/caches/", new Fault.Hold(never));
        S3Objects impatient = bucket.impatient(way.port(), Duration.ofMillis(300));
        try (S3DirectoryStorage hasty = bucket.open(impatient, "hasty-owner", bucket.settings())) {
            assertThatExceptionOfType(CacheBackendException.class)
                    .isThrownBy(() -> hasty.download(id, NAME))
                    .withMessageContaining("timed out");
        } finally {
            never.countDown();
        }
        assertThat(bucket.requests.take()).hasSizeLessThan(8);
    }
}
