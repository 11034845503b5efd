// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheUsage;
import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, sizes and metadata come back as they were, and each operation sends so many requests and no more. */
@ExtendWith(S3Server.Started.class)
class S3RoundTripTests {

    private static final int PART = S3Bucket.PART;

    @TempDir
    Path scratch;

    private S3Bucket bucket;
    private S3DirectoryStorage storage;
    private CacheId id;

    @BeforeEach
    void openStorage(S3Server server) {
        bucket = new S3Bucket(server, scratch.resolve("copies"));
        storage = bucket.open("this-owner");
        id = publish(Map.of());
        bucket.requests.take();
    }

    private CacheId publish(Map<String, Object> metadata) {
        CacheId fresh = CacheId.random(Instant.now());
        storage.publish(storage.prepare(), fresh, metadata);
        return fresh;
    }

    @AfterEach
    void closeStorage() throws Exception {
        storage.close();
        bucket.close();
    }

    private void write(RelativeName name, byte[] content, Random random) throws IOException {
        try (OutputStream out = storage.resource(id, name, () -> {}).getOutputStream()) {
            for (int at = 0; at < content.length; ) {
                int count = Math.min(content.length - at, 1 + random.nextInt(2 * PART));
                out.write(content, at, count);
                at += count;
            }
        }
    }

    private byte[] read(RelativeName name) throws IOException {
        try (InputStream in = storage.resource(id, name, () -> {}).getInputStream()) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PART - 1, PART, PART + 1, 2 * PART - 1, 2 * PART, 2 * PART + 1, 3 * PART + 11})
    void everySizeComesBackHoweverItIsWrittenAndRead(int length) throws IOException {
        Random random = new Random(length);
        byte[] content = new byte[length];
        random.nextBytes(content);
        RelativeName streamed = new RelativeName("streamed");
        RelativeName uploaded = new RelativeName("uploaded");

        write(streamed, content, random);
        storage.upload(id, Files.write(scratch.resolve("source"), content), uploaded, () -> {});

        for (RelativeName name : List.of(streamed, uploaded)) {
            assertThat(read(name)).as(name.value()).isEqualTo(content);
            assertThat(storage.download(id, name)).as(name.value()).hasBinaryContent(content);
            assertThat(storage.resource(id, name, () -> {}).contentLength()).isEqualTo(length);
        }
        assertThat(storage.usage(id)).isEqualTo(new CacheUsage(2, 2L * length));
        assertThat(bucket.everything()).noneMatch(name -> name.contains("prepared/") || name.contains("upload of"));
    }

    @Test
    void generatedNamesComeBack() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, byte[]> written = new LinkedHashMap<>();
        for (int number = 0; number < 25; number++) {
            String name = number + name(random);
            byte[] content = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            write(new RelativeName(name), content, random);
            written.put(name, content);
        }

        try (Stream<String> names = storage.resources(id)) {
            assertThat(names).as("seed " + seed).containsExactlyInAnyOrderElementsOf(written.keySet());
        }
        for (Map.Entry<String, byte[]> each : written.entrySet()) {
            assertThat(read(new RelativeName(each.getKey()))).as(each.getKey()).isEqualTo(each.getValue());
        }
        storage.trash(id).delete();
        assertThat(bucket.everything()).as("seed " + seed).noneMatch(name -> name.contains(id.value()));
    }

    /** Of characters that mean something in URLs, XML and paths, and of any others. */
    private static String name(Random random) {
        String special = " +%&=?#;:@!$'()*,[]<>\"|\\^`{}~.-_äß€日😀\u0301";
        int[] points = special.codePoints().toArray();
        StringBuilder name = new StringBuilder();
        for (int count = 1 + random.nextInt(12); count > 0; count--) {
            if (random.nextInt(8) == 0 && name.length() > 0) {
                name.append("/x");
            }
            name.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return name.append('x').toString();
    }

    @Test
    void generatedMetadataComeBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 10; round++) {
            Map<String, Object> metadata = new HashMap<>();
            for (int entry = random.nextInt(6); entry > 0; entry--) {
                metadata.put(name(random), value(random, 3));
            }
            CacheId other = publish(metadata);
            assertThat(storage.metadata(other)).as("seed " + seed).isEqualTo(metadata);
            storage.updateMetadata(other, old -> Map.of("again", metadata));
            assertThat(storage.metadata(other)).as("seed " + seed).isEqualTo(Map.of("again", metadata));
        }
    }

    private static Object value(Random random, int deepest) {
        return switch (random.nextInt(deepest == 0 ? 4 : 6)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextLong() | Long.MIN_VALUE;
            case 2 -> random.nextBoolean();
            case 3 -> name(random);
            case 4 -> List.of(value(random, deepest - 1), value(random, deepest - 1));
            default -> Map.of(name(random), value(random, deepest - 1));
        };
    }

    @Test
    void progressIsToldOfEveryPart() throws IOException {
        List<Long> totals = new ArrayList<>();
        AtomicLong bytes = new AtomicLong();
        S3TransferSettings told = bucket.settings().withProgress((location, count, total) -> {
            bytes.addAndGet(count);
            synchronized (totals) {
                totals.add(total);
            }
        });
        RelativeName name = new RelativeName("a.bin");
        Path source = Files.write(scratch.resolve("source"), new byte[3 * PART + 1]);
        try (S3DirectoryStorage other = bucket.open(bucket.objects(), "other-owner", told)) {
            other.upload(id, source, name, () -> {});
            assertThat(bytes).hasValue(3 * PART + 1);
            Path unused = other.download(id, name);
        }

        assertThat(bytes).hasValue(2 * (3 * PART + 1));
        assertThat(totals).hasSize(8).containsOnly(3L * PART + 1);
    }

    @Test
    void aFileThatChangesWhileItIsUploadedIsRefused() throws IOException {
        Path source = Files.write(scratch.resolve("source"), new byte[3 * PART]);
        S3TransferSettings meddling = bucket.settings().withProgress((location, count, total) -> append(source));
        List<String> before = bucket.everything();

        try (S3DirectoryStorage other = bucket.open(bucket.objects(), "other-owner", meddling)) {
            assertThatExceptionOfType(CacheBackendException.class)
                    .isThrownBy(() -> other.upload(id, source, new RelativeName("a.bin"), () -> {}))
                    .withMessageContaining("was changed while");
        }

        assertThat(bucket.everything()).isEqualTo(before);
    }

    private static void append(Path source) {
        try {
            Path unused = Files.write(source, new byte[1], java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    @Test
    void partsGrowWithTheFileUpToFiveTebibytes() {
        PartSizes sizes = new PartSizes(8 << 20);

        assertThat(sizes.ofFile(1L << 30)).isEqualTo(8 << 20);
        assertThat(PartSizes.count(PartSizes.LARGEST_FILE, sizes.ofFile(PartSizes.LARGEST_FILE)))
                .isLessThanOrEqualTo(10_000);
        assertThat(sizes.ofFile(PartSizes.LARGEST_FILE)).isLessThan(5L << 30);
        long sum = 0;
        for (int part = 1; part <= 10_000; part++) {
            assertThat(sizes.ofStream(part)).isLessThan(5L << 30);
            sum += sizes.ofStream(part);
        }
        assertThat(sum).isGreaterThan(PartSizes.LARGEST_FILE);
        assertThat(PartSizes.count(0, 8)).isZero();
        assertThat(PartSizes.count(17, 8)).isEqualTo(3);
    }

    @Test
    void partsBeyondWhatMayBeInMemoryLieInALocalFile() throws IOException {
        Path file = scratch.resolve("part");
        try (PartBuffer buffer = new PartBuffer(20_000, () -> file)) {
            byte[] content = new byte[9_000];
            new Random(1).nextBytes(content);
            buffer.write(content, 0, content.length);
            buffer.write(content, 0, content.length);
            assertThat(file).doesNotExist();
            buffer.write(content, 0, content.length);

            assertThat(file).hasSize(27_000);
            assertThat(buffer.length()).isEqualTo(27_000);
            assertThat(buffer.body().contentStreamProvider().newStream().readNBytes(9_000))
                    .isEqualTo(content);
            buffer.clear();
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void settingsOutOfTheirRangeAreRefused() {
        S3TransferSettings settings = S3TransferSettings.defaults();

        assertThat(settings.withPartSize(5 << 20).partSize()).isEqualTo(5 << 20);
        assertThat(settings.withConnections(16).connections()).isEqualTo(16);
        assertThatIllegalArgumentException().isThrownBy(() -> settings.withPartSize(1 << 20));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.withConnections(0));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.withTimeout(java.time.Duration.ZERO));
    }

    // What an operation costs; docs/s3.md has the same numbers

    @Test
    void requestsOfTheLifeOfACache() {
        CacheId other = publish(Map.of("colour", "green"));
        assertThat(bucket.requests.take()).containsExactly("PutObject", "PutObject");

        storage.look(other);
        assertThat(bucket.requests.take()).containsExactly("ListObjectsV2", "GetObject");
        storage.look(other);
        assertThat(storage.isThere(other)).isTrue();
        assertThat(bucket.requests.take()).containsExactly("ListObjectsV2", "ListObjectsV2");

        storage.updateMetadata(other, old -> Map.of("colour", "red"));
        assertThat(bucket.requests.take()).containsExactly("ListObjectsV2", "PutObject", "PutObject");

        storage.mark(other, "wiper");
        assertThat(bucket.requests.take()).containsExactly("ListObjectsV2", "PutObject");
        storage.unmark(other, "wiper");
        assertThat(bucket.requests.take()).containsExactly("DeleteObject");

        var trash = storage.trash(other);
        assertThat(bucket.requests.take())
                .startsWith("ListObjectsV2")
                .endsWith("PutObject")
                .hasSizeLessThanOrEqualTo(6);
        trash.delete();
        assertThat(bucket.requests.take())
                .containsExactly(
                        "ListObjectsV2",
                        "DeleteObjects",
                        "ListObjectsV2",
                        "DeleteObject",
                        "ListObjectsV2",
                        "DeleteObjects",
                        "DeleteObject");
    }

    @Test
    void requestsOfFiles() throws IOException {
        RelativeName small = new RelativeName("small");
        RelativeName large = new RelativeName("large");

        write(small, new byte[10], new Random(1));
        assertThat(bucket.requests.take()).containsExactly("ListObjectsV2", "GetObject", "PutObject");
        write(small, new byte[10], new Random(1));
        assertThat(bucket.requests.take()).containsExactly("ListObjectsV2", "PutObject");
        write(large, new byte[3 * PART], new Random(1));
        assertThat(bucket.requests.take())
                .containsExactly(
                        "CreateMultipartUpload",
                        "PutObject",
                        "UploadPart",
                        "UploadPart",
                        "UploadPart",
                        "PutObject",
                        "ListObjectsV2",
                        "CompleteMultipartUpload",
                        "DeleteObject");

        assertThat(read(small)).hasSize(10);
        assertThat(bucket.requests.take()).containsExactly("GetObject");
        Path unused = storage.download(id, small);
        assertThat(bucket.requests.take()).containsExactly("GetObject");
        unused = storage.download(id, small);
        assertThat(bucket.requests.take()).containsExactly("GetObject");
        unused = storage.download(id, large);
        assertThat(bucket.requests.take()).hasSize(4).containsOnly("GetObject");

        assertThat(storage.exists(id, small)).isTrue();
        assertThat(bucket.requests.take()).containsExactly("HeadObject", "ListObjectsV2");
        assertThat(storage.exists(id, new RelativeName("missing"))).isFalse();
        assertThat(bucket.requests.take()).containsExactly("HeadObject");
        storage.delete(id, small);
        assertThat(bucket.requests.take()).containsExactly("DeleteObject");
        storage.usage(id);
        assertThat(bucket.requests.take()).containsExactly("ListObjectsV2", "ListObjectsV2");
    }

    @Test
    void requestsOfARootAndOfASweep() {
        assertThat(storage.start()).isFalse();
        assertThat(bucket.requests.take()).isEmpty();
        assertThat(storage.isIntact()).isTrue();
        storage.status();
        assertThat(bucket.requests.take()).containsExactly("GetObject", "GetObject");

        assertThat(storage.purge()).isZero();
        List<String> first = bucket.requests.take();
        assertThat(first).contains("ListMultipartUploads").hasSize(6);
        assertThat(storage.purge()).isZero();
        assertThat(storage.preparers()).isEmpty();
        assertThat(bucket.requests.take()).containsExactly("ListObjectsV2", "ListObjectsV2");
    }
}
