// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.monolithcache.store.index.JsonIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that is opened on its first use, and what it says of a folder that it could not use. */
class LazyStoreTests {

    @TempDir
    Path folder;

    private StoreBuilder builder() {
        return builder(folder.resolve("store"));
    }

    private static StoreBuilder builder(Path root) {
        return Store.in(root).index(JsonIndex.FORMAT).limits(StoreLimits.NONE.withSize(1 << 20));
    }

    @Test
    void beforeItsFirstUseNothingIsWrittenAndNoThreadIsThere() {
        Set<Thread> before = threads();
        try (Store store = builder().openOnFirstUse()) {
            StoreStatus status = store.status();

            assertThat(status.isOpen()).isFalse();
            assertThat(status.name()).isEqualTo("store");
            assertThat(status.root()).isEqualTo(folder.resolve("store"));
            assertThat(status.index()).isEqualTo("json");
            assertThat(status.limits().size()).isEqualTo(1 << 20);
            assertThat(status.freeBytes()).isPositive();
            assertThat(store.files()).isNotNull();
            assertThat(folder).isEmptyDirectory();
            assertThat(threads()).isSubsetOf(before);
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("monolith"))
                .collect(Collectors.toSet());
    }

    @Test
    void itsFirstUseOpensIt() {
        try (Store store = builder().openOnFirstUse()) {
            assertThat(store.find("a")).isEmpty();

            assertThat(store.status().isOpen()).isTrue();
            assertThat(store.status().misses()).isEqualTo(1);
        }
    }

    @Test
    void theFirstUseOfItsFilesOpensIt() {
        try (Store store = builder().openOnFirstUse()) {
            assertThat(store.files().add(new ByteArrayInputStream(new byte[3])).isNew())
                    .isTrue();

            assertThat(store.status().entries()).isEqualTo(1);
        }
    }

    @Test
    void whatStoodInTheWayMayBeGoneTheNextTime() throws IOException {
        try (Store store = builder().openOnFirstUse()) {
            Path file = Files.createFile(folder.resolve("store"));
            assertThatExceptionOfType(StoreRootException.class)
                    .isThrownBy(() -> store.find("a"))
                    .withMessageContaining(file + ", is a file.");
            Files.delete(file);

            assertThat(store.find("a")).isEmpty();
        }
    }

    @Test
    void closedItIsNotOpenedAgain() {
        Store store = builder().openOnFirstUse();
        store.close();
        store.close();

        assertThatIllegalStateException().isThrownBy(() -> store.find("a")).withMessageContaining("store is closed");
        assertThatIllegalStateException().isThrownBy(store::status);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void closedInUseItIsClosed() {
        Store store = builder().openOnFirstUse();
        assertThat(store.put("a", Content.of(new byte[1]))).isTrue();
        store.close();

        assertThatIllegalStateException().isThrownBy(() -> store.find("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "file/below", "dangling/below"})
    void whatIsInTheWayOfTheRootIsSeenAtOnce(String root) throws IOException {
        Files.createFile(folder.resolve("file"));
        Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));

        assertThatExceptionOfType(StoreRootException.class)
                .isThrownBy(() -> builder(folder.resolve(root)).openOnFirstUse())
                .satisfies(refused -> {
                    assertThat(refused.description())
                            .contains(folder.resolve(root).toString());
                    assertThat(refused.action()).contains("choose another path");
                });
    }

    @Test
    void aLinkInPlaceOfAFolderOfAStoreIsSeenAtOnce() throws IOException {
        Files.createDirectories(folder.resolve("store"));
        Files.createSymbolicLink(folder.resolve("store/content"), Files.createDirectory(folder.resolve("elsewhere")));

        assertThatExceptionOfType(StoreRootException.class)
                .isThrownBy(() -> builder().openOnFirstUse())
                .withMessageContaining("does not follow");
    }

    @Test
    void aStoreOfAnotherVersionIsSeenAtOnce() throws IOException {
        Files.createDirectories(folder.resolve("store/.monolith"));
        Files.writeString(folder.resolve("store/.monolith/format"), "monolith-store 9\n");

        assertThatExceptionOfType(StoreRootException.class)
                .isThrownBy(() -> builder().openOnFirstUse())
                .withMessageContaining("monolith-store 9")
                .withMessageContaining("Use the version of Monolith Cache that wrote it");
    }

    @Test
    void aFolderThatShallBeThisUsersAloneIsNotSharedWithOthers() throws IOException {
        Path own = Files.createDirectory(folder.resolve("own"));
        assertThat(own.toFile().setWritable(true, false)).isTrue();
        StoreBuilder builder = new StoreBuilder(new StorePlace(own.resolve("app/store"), own)).index(JsonIndex.FORMAT);

        assertThatExceptionOfType(StoreRootException.class)
                .isThrownBy(builder::openOnFirstUse)
                .withMessageContaining(own + " belongs to another user, or may be changed by others.");
        assertThat(own.toFile().setWritable(false, false)).isTrue();
        assertThat(own.toFile().setWritable(true, true)).isTrue();
        builder.openOnFirstUse().close();
    }
}
