// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.RelativeName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Content, names and copies that are not as they should be, on a real API of S3. */
@ExtendWith(S3Server.Started.class)
class OddContentTests {

    @TempDir
    Path scratch;

    @RegisterExtension
    final BeforeEachCallback place = this::openBucket;

    private S3Server server;
    private S3Bucket bucket;

    private void openBucket(ExtensionContext context) {
        server = S3Server.Started.server(context);
        bucket = new S3Bucket(server, scratch);
    }

    @AfterEach
    void closeBucket() throws Exception {
        bucket.close();
    }

    private CacheId publish(S3DirectoryStorage storage) {
        CacheId id = CacheId.random(Instant.now());
        storage.publish(storage.prepare(), id, Map.of("id", id.value()));
        return id;
    }

    private static void write(S3DirectoryStorage storage, CacheId id, String name, String text) throws IOException {
        try (OutputStream out =
                storage.resource(id, new RelativeName(name), () -> {}).getOutputStream()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x1, 0xd, 0x85, 0xfffe, 0xffff})
    void aNameThatXmlCannotWriteDownIsDeletedWithTheOthers(int character) throws IOException {
        S3DirectoryStorage storage = bucket.open("me");
        CacheId id = publish(storage);
        String odd = "odd" + (char) character + ".txt";
        write(storage, id, "plain.txt", "text");
        write(storage, id, odd, "text");
        try {
            assertThat(storage.exists(id, new RelativeName(odd))).isTrue();
            assertThat(storage.resources(id)).containsExactlyInAnyOrder("plain.txt", odd);
            storage.deleteData(id);
        } finally {
            // else its bucket could not be emptied, which lists as most clients do
            bucket.delete("caches/" + id + "/" + odd);
        }
        assertThat(bucket.everything()).noneMatch(key -> key.contains("caches/" + id));
    }

    @Test
    void oneCacheThatCannotBeDeletedDoesNotKeepTheOthersFromBeing() throws IOException {
        try (S3Faults way = new S3Faults(server.port())) {
            S3DirectoryStorage storage =
                    bucket.open(bucket.objects(way.port(), Duration.ofSeconds(20)), "me", bucket.settings());
            CacheId bad = publish(storage);
            CacheId good = publish(storage);
            write(storage, bad, "a.txt", "text");
            write(storage, good, "a.txt", "text");
            // they vanished, and whoever did that died
            assertThat(storage.trash(bad)).isNotNull();
            assertThat(storage.trash(good)).isNotNull();
            way.spoil(1_000, "GET", "caches%2F" + bad.value(), new S3Faults.Fault.Answer(403, "AccessDenied"));
            assertThat(storage.purge()).isZero();
            assertThat(bucket.everything()).noneMatch(key -> key.contains("caches/" + good));
        }
    }

    @Test
    void aCopyThatSomebodyChangedIsNotHandedOutAgain() throws IOException {
        S3DirectoryStorage storage = bucket.open("me");
        CacheId id = publish(storage);
        write(storage, id, "a.txt", "text");
        Path copy = storage.download(id, new RelativeName("a.txt"));
        Path unused = Files.writeString(copy, "something else");

        assertThat(storage.download(id, new RelativeName("a.txt"))).hasContent("text");
    }

    @Test
    void aStreamThatWasFoundCorruptDoesNotEndWellWhenItIsReadAgain() throws IOException {
        S3DirectoryStorage storage = bucket.open("me");
        CacheId id = publish(storage);
        write(storage, id, "a.txt", "text");
        bucket.corrupt("caches/" + id + "/a.txt", "tex!".getBytes(StandardCharsets.UTF_8));
        try (InputStream in =
                storage.resource(id, new RelativeName("a.txt"), () -> {}).getInputStream()) {
            assertThat(in.readNBytes(4)).hasSize(4);
            assertThatExceptionOfType(IOException.class).isThrownBy(in::read);
            assertThatExceptionOfType(IOException.class).isThrownBy(in::read);
        }
    }

    @Test
    void whatIsNoneOfOursStaysAndWhatIsLeftOfOursGoes() throws IOException {
        S3DirectoryStorage storage = bucket.open("me");
        CacheId id = publish(storage);
        CacheId gone = CacheId.random(Instant.now());
        write(storage, id, "a.txt", "text");
        byte[] one = new byte[1];
        bucket.put("caches/odd/a.txt", one);
        bucket.put("caches/odd-file", one);
        bucket.put("sums/odd/a", one);
        bucket.put("trash/odd", one);
        bucket.put("trash/" + id, one);
        bucket.put("caches/" + gone + "/a.txt", one);
        bucket.put("sums/" + gone + "/a", one);
        bucket.beginUpload("caches/odd-upload");
        bucket.beginUpload("caches/" + id + "/b.txt");
        bucket.beginUpload("caches/" + gone + "/b.txt");

        assertThat(storage.purge()).isPositive();

        assertThat(bucket.everything())
                .contains(
                        "some/prefix/caches/odd/a.txt",
                        "some/prefix/caches/odd-file",
                        "some/prefix/sums/odd/a",
                        "some/prefix/trash/odd",
                        "some/prefix/caches/" + id + "/a.txt",
                        "upload of some/prefix/caches/odd-upload",
                        "upload of some/prefix/caches/" + id + "/b.txt")
                .noneMatch(key -> key.contains(gone.value()));
    }

    @Test
    void aStreamThatWasClosedIsNotReadAgain() throws IOException {
        S3DirectoryStorage storage = bucket.open("me");
        CacheId id = publish(storage);
        write(storage, id, "a.txt", "text");
        InputStream in =
                storage.resource(id, new RelativeName("a.txt"), () -> {}).getInputStream();
        assertThat(in.read()).isEqualTo('t');
        assertThat(in.readAllBytes()).hasSize(3);
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.read()).isEqualTo(-1);
        in.close();
        in.close();
        assertThatExceptionOfType(IOException.class).isThrownBy(in::read).withMessageContaining("closed");
        assertThatExceptionOfType(FileNotFoundException.class)
                .isThrownBy(() -> storage.resource(id, new RelativeName("missing"), () -> {})
                        .getInputStream());
    }

    @Test
    void metadataOfWhatIsNotThereAreNotFound() {
        S3DirectoryStorage storage = bucket.open("me");
        CacheId none = CacheId.random(Instant.now());
        assertThat(storage.mark(none, "wiper")).isFalse();
        assertThat(storage.trash(none)).isNull();
        assertThat(storage.isMarked(none)).isFalse();
        storage.unmark(none);
        storage.unmark(none, "wiper");
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> storage.metadata(none));
        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> storage.updateMetadata(none, old -> old));
        CacheId id = publish(storage);
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> storage.publish(storage.prepare(), id, Map.of()))
                .withMessageContaining("There is a cache");
    }
}
