// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.crash.QuickFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A user destroys {@code meta.json} through the directory's path: the cache stays usable, and so do all others. */
@Timeout(60)
class DamagedMetadataFaultTests {

    @TempDir(factory = QuickFolder.class)
    Path folder;

    private RootFiles files;
    private CacheManager manager;
    private CacheDirectory cache;
    private CacheDirectory sound;

    @BeforeEach
    void createCaches() throws IOException {
        files = new RootFiles(Files.createDirectory(folder.resolve("root")));
        manager = files.manager();
        cache = manager.create(CacheOptions.defaults().metadata("key", "value"));
        sound = manager.create(CacheOptions.defaults().metadata("key", "sound"));
        RootFiles.write(cache, "kept.txt", "kept");
    }

    @AfterEach
    void closeManager() {
        manager.close();
    }

    private Path metadata() {
        return files.metadata(cache.id());
    }

    /** Everything that reads works and shows the id, the time and the lock; what writes makes a whole text again. */
    private void assertUsable() throws IOException {
        assertReadsAsIdTimeAndLock();
        cache.putMetadata("new", List.of(1, 2));
        assertThat(cache.metadata())
                .containsEntry("new", List.of(1, 2))
                .containsEntry("id", cache.id().value());
        assertThat(Files.readString(metadata()))
                .contains("\"new\"")
                .contains(cache.id().value());
        cache.removeMetadata("new");
        cache.lock();
        cache.close();
        assertThat(manager.unlock(cache.id())).isTrue();
        assertThat(files.cache(cache.id())).doesNotExist();
        assertThat(sound.metadata()).containsEntry("key", "sound");
    }

    private void assertReadsAsIdTimeAndLock() throws IOException {
        assertThat(cache.metadata())
                .containsEntry("id", cache.id().value())
                .containsEntry("createdAt", cache.id().time().toString())
                .containsEntry("locked", false);
        assertThat(manager.find(cache.id())).hasValueSatisfying(found -> {
            assertThat(found.createdAt()).isEqualTo(cache.id().time());
            assertThat(found.references()).isOne();
        });
        assertThat(manager.list()).hasSize(2);
        assertThat(manager.list(null, 10)).hasSize(2);
        assertThat(cache.resources()).containsExactly("kept.txt");
        assertThat(manager.usage(cache.id()).files()).isOne();
        assertThat(manager.sweep().skipped()).isNull();
    }

    @Test
    void truncatedAnywhere() throws IOException {
        byte[] whole = Files.readAllBytes(metadata());
        for (int length = 0; length < whole.length; length++) {
            Files.write(metadata(), Arrays.copyOf(whole, length));
            try (LogLines log = new LogLines()) {
                assertThat(cache.metadata())
                        .as("first %s bytes", length)
                        .containsOnlyKeys("id", "createdAt", "locked")
                        .containsEntry("id", cache.id().value())
                        .containsEntry("createdAt", cache.id().time().toString());
                assertThat(log.lines()).hasSize(1).first().asString().contains("meta.json", "missing or damaged");
            }
        }
        assertUsable();
    }

    static List<byte[]> rubbish() {
        byte[] noise = new byte[1_000];
        new Random(42).nextBytes(noise);
        return List.of(
                noise,
                text(""),
                text("null"),
                text("[]"),
                text("\"text\""),
                text("{} {}"),
                text("{\"id\":\"00000000000000000000000000\",\"createdAt\":5,\"locked\":\"yes\",\"a\":null}"),
                text("{\"createdAt\":\"yesterday\"}"),
                text("{\"a\":1,\"a\":2}"),
                text("{\"a\":NaN}"),
                text("{\"a\":1e999}"),
                text("{\"a\":[1e999, -1e999]}"),
                text("{\"a\":" + "9".repeat(5_000) + "}"),
                text("{\"a\":1e-99999999}"),
                text("{\"" + "k".repeat(100_000) + "\":1}"),
                text("{\"a\":" + "[".repeat(100_000)),
                text("{\"a\":".repeat(400) + "1" + "}".repeat(400)),
                text("{\"a\":\"\\ud800\"}"),
                "{\"a\":1}".getBytes(StandardCharsets.UTF_16),
                new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("rubbish")
    void replacedByRubbish(byte[] text) throws IOException {
        Files.write(metadata(), text);
        assertUsable();
    }

    @Test
    void removed() throws IOException {
        Files.delete(metadata());
        try (LogLines log = new LogLines()) {
            cache.metadata();
            assertThat(log.lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("meta.json", cache.id().value());
        }
        assertUsable();
    }

    @Test
    void replacedByALinkIsNotFollowed() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside.json"), "{\"secret\":1}");
        Files.delete(metadata());
        Files.createSymbolicLink(metadata(), outside);
        assertThat(cache.metadata()).doesNotContainKey("secret");
        assertUsable();
        assertThat(outside).hasContent("{\"secret\":1}");
    }

    @Test
    void replacedByALinkToALoopOrToNothing() throws IOException {
        Files.delete(metadata());
        Files.createSymbolicLink(metadata(), Path.of("meta.json"));
        assertReadsAsIdTimeAndLock();
        Files.delete(metadata());
        Files.createSymbolicLink(metadata(), Path.of("/does/not/exist"));
        assertUsable();
    }

    @Test
    void replacedByANamedPipeBlocksNobody() throws Exception {
        Files.delete(metadata());
        MountNamespace.assumeOrPrint(
                MountNamespace.succeeds(List.of("mkfifo", metadata().toString())), "there is no mkfifo");
        assertUsable();
    }

    /** The user's own files in it are kept, so nothing can be written until he has moved them away. */
    @Test
    void replacedByADirectory() throws IOException {
        Files.delete(metadata());
        Files.createDirectory(metadata());
        assertReadsAsIdTimeAndLock();
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> cache.putMetadata("a", 1))
                .withMessageContaining("meta.json")
                .withMessageContaining("move it away");
        Path drafts = files.prepared().resolve(RootFiles.names(files.prepared()).get(0));
        assertThat(RootFiles.names(drafts)).allMatch(name -> Files.isDirectory(drafts.resolve(name)));
        Files.delete(metadata());
        assertUsable();
    }

    @Test
    void replacedByAHugeFileDoesNotEatTheHeap() throws Exception {
        ChildJvm.plain().option("-Xmx64m").run(HugeMetadataScenario.class, folder.resolve("huge"));
    }
}
