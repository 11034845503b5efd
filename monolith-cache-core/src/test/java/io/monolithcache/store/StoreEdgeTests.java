// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.monolithcache.store.index.CsvIndex;
import io.monolithcache.store.index.JsonIndex;
import io.monolithcache.store.index.SqliteIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/** What is refused, what fails, and what is odd. */
class StoreEdgeTests {

    @TempDir
    Path folder;

    private Path root() {
        return folder.resolve("store");
    }

    private StoreBuilder builder() {
        return Store.in(root()).index(SqliteIndex.FORMAT);
    }

    @Test
    void limitsOutOfTheirRangeAreRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreLimits.NONE.withSize(0))
                .withMessageContaining("'size'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreLimits.NONE.withEntries(0))
                .withMessageContaining("'entries'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreLimits.NONE.withAge(Duration.ZERO))
                .withMessageContaining("'age'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreLimits.NONE.withIdle(Duration.ofSeconds(-1)))
                .withMessageContaining("'idle'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreLimits.NONE.withKeepFree(-1))
                .withMessageContaining("'keepFree'");
        assertThatIllegalArgumentException().isThrownBy(() -> builder().memory(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().loadPatience(Duration.ofSeconds(-1)));
        assertThatIllegalStateException()
                .isThrownBy(() -> Store.in(root()).open())
                .withMessageContaining("index");
    }

    @Test
    void aRootThatIsAFileIsRefused() throws IOException {
        Files.writeString(root(), "a file");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> builder().open())
                .withMessageContaining("is a file");
    }

    @Test
    void aRootOfAnotherVersionIsRefused() throws IOException {
        builder().open().close();
        Files.writeString(root().resolve(".monolith/format"), "monolith-store 2\n");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> builder().open())
                .withMessageContaining("monolith-store 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"content", "content/3f", ".monolith/writing"})
    void aLinkInPlaceOfAFolderIsRefused(String name) throws IOException {
        builder().open().close();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.move(root().resolve(name), folder.resolve("moved"));
        Files.createSymbolicLink(root().resolve(name), elsewhere);

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> builder().open())
                .withMessageContaining("not follow");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aStoreWhoseFolderIsGoneSaysSo() throws IOException {
        try (Store store = Store.in(root()).index(MemoryIndex.FORMAT).open()) {
            store.put("key", Content.of(new byte[10]));
            FileSystemUtils.deleteRecursively(root());

            assertThat(store.find("key")).isEmpty();
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.put("key", Content.of(new byte[10])))
                    .withMessageContaining("'key'")
                    .withMessageContaining(root().toString());
        } catch (StoreException closing) {
            assertThat(closing).hasMessageContaining("close");
        }
    }

    @Test
    void aTextIndexIsForOneProcess() {
        for (var format : List.of(JsonIndex.FORMAT, CsvIndex.FORMAT)) {
            try (Store store =
                    Store.in(folder.resolve(format.name())).index(format).open()) {
                store.put("key", Content.of(new byte[10]));
                assertThatExceptionOfType(StoreException.class)
                        .isThrownBy(() -> Store.in(folder.resolve(format.name()))
                                .index(format)
                                .open());
                assertThat(store.find("key")).isPresent();
                assertThat(store.status().processes()).isEqualTo(1);
            }
        }
    }

    @Test
    void freeSpaceIsLeftToOthers() {
        try (Store store = builder()
                .limits(StoreLimits.NONE.withKeepFree(Long.MAX_VALUE / 2))
                .open()) {
            assertThat(store.put("key", Content.of(new byte[10]))).isFalse();
            assertThat(store.status().rejected()).isEqualTo(1);
            assertThatExceptionOfType(StoreFullException.class)
                    .isThrownBy(() -> store.files().add(InputStream.nullInputStream()))
                    .withMessageContaining("bytes free");
        }
    }

    @Test
    void whatIsOldGoesInTheBackground() {
        try (Store store = builder()
                .limits(StoreLimits.NONE.withAge(Duration.ofMillis(50)).withIdle(Duration.ofHours(1)))
                .sync(true)
                .open()) {
            store.put("key", Content.of(new byte[10]));

            await().atMost(Duration.ofSeconds(20)).until(() -> store.status().entries() == 0);
            assertThat(store.find("key")).isEmpty();
        }
    }

    @Test
    void aSourceThatFailsLeavesNothing() {
        try (Store store = builder().open()) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.put("key", () -> {
                        throw new IOException("no source");
                    }))
                    .withMessageContaining("no source");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.files().add(folder, LinkMode.COPY))
                    .withMessageContaining("not a file");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.files().add(folder.resolve("missing"), LinkMode.MOVE));
            assertThat(store.status().entries()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(LinkMode.class)
    void contentThatIsKnownIsNotLinkedAgain(LinkMode mode) throws IOException {
        try (Store store = builder().open()) {
            Path one = Files.writeString(folder.resolve("one"), "same");
            Path two = Files.writeString(folder.resolve("two"), "same");
            store.files().add(one, LinkMode.COPY);

            ContentFiles.Added added = store.files().add(two, mode);

            assertThat(added.isNew()).isFalse();
            assertThat(Files.exists(two)).isEqualTo(mode != LinkMode.MOVE);
            assertThat(store.files().contains(added.hash())).isTrue();
            assertThat(store.files().remove(added.hash())).isTrue();
            assertThat(store.files().remove(added.hash())).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(LinkMode.class)
    void aFileOfAnotherFileSystemIsCopied(LinkMode mode) throws IOException {
        Path other = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(other) && !Files.getFileStore(other).equals(Files.getFileStore(folder)));
        Path source = Files.createTempFile(other, "source", ".bin");
        try (Store store = builder().open()) {
            Files.write(source, new byte[10_000]);

            ContentFiles.Added added = store.files().add(source, mode);

            assertThat(store.files().path(added.hash()).orElseThrow()).hasBinaryContent(new byte[10_000]);
            assertThat(Files.exists(source)).isEqualTo(mode != LinkMode.MOVE);
        } finally {
            Files.deleteIfExists(source);
        }
    }

    @Test
    void aLockedFileIsKeptAndAnUnlockedOneGoes() {
        try (Store store = builder().open()) {
            String key = "sha256:"
                    + store.files().add(new ByteArrayInputStream(new byte[10])).hash();
            assertThat(store.lock(key)).isTrue();
            assertThat(store.lock(key)).isTrue();
            assertThat(store.evict(Store.Selection.ALL, false).kept()).isEqualTo(1);
            assertThat(store.unlock(key)).isTrue();
            assertThat(store.evict(Store.Selection.ALL, true).entries()).isEqualTo(1);
            assertThat(store.evict(Store.Selection.ALL, false).entries()).isEqualTo(1);
            assertThat(store.lock("sha256:no hash")).isFalse();
        }
    }

    @Test
    void aLongStreamIsReadByteByByteAndByParts() throws IOException {
        byte[] content = new byte[1_200_000];
        new Random(1).nextBytes(content);
        try (Store store = builder().verification(Verification.ALWAYS).open()) {
            store.put("key", Content.of(content), Set.of("a", "b"));
            try (Entry entry = store.find("key").orElseThrow();
                    InputStream in = entry.open()) {
                assertThat(in.available()).isEqualTo(content.length);
                assertThat(in.read()).isEqualTo(content[0] & 0xff);
                assertThat(in.read(new byte[0])).isZero();
                assertThat(in.readAllBytes()).hasSize(content.length - 1);
                assertThat(in.read()).isEqualTo(-1);
                assertThat(entry.tags()).containsExactlyInAnyOrder("a", "b");
                assertThat(entry.key()).isEqualTo("key");
                assertThat(entry.createdAt()).isNotNull();
            }
        }
    }

    @Test
    void anInterruptedThreadReadsAndWrites() {
        try (Store store = builder().open()) {
            Thread.currentThread().interrupt();
            assertThat(store.put("key", Content.of(new byte[10]))).isTrue();
            assertThat(store.find("key")).isPresent();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void whatIsLargerThanTheStoreIsServedOnceLoaded() throws Exception {
        try (Store store = builder().limits(StoreLimits.NONE.withSize(4_096)).open()) {
            AtomicBoolean isOpen = new AtomicBoolean();
            Content large = () -> {
                isOpen.set(true);
                return new ByteArrayInputStream(new byte[9_000]);
            };
            try (Entry entry = store.getOrLoad("key", key -> large, Set.of("tag"))) {
                assertThat(entry.length()).isEqualTo(9_000);
                assertThat(entry.bytes()).hasSize(9_000);
                assertThat(entry.key()).isEqualTo("key");
                assertThat(entry.tags()).containsExactly("tag");
                assertThat(entry.createdAt()).isNotNull();
                assertThat(entry.open()).hasBinaryContent(new byte[9_000]);
            }
            assertThat(isOpen).isTrue();
            assertThat(store.name()).isEqualTo("store");
        }
    }
}
