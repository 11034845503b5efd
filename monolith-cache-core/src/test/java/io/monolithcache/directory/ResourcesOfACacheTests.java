// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files, as a user of a handle sees them. */
class ResourcesOfACacheTests extends ManagersOnOneRoot {

    private CacheDirectory cache;

    @BeforeEach
    void create() {
        cache = manager().create();
    }

    @Test
    void whatIsWrittenIsThere() throws IOException {
        write("folder/a.txt", "text");

        assertThat(cache.path().resolve("folder/a.txt")).hasContent("text");
        assertThat(cache.resource("folder/a.txt").getContentAsString(StandardCharsets.UTF_8))
                .isEqualTo("text");
        assertThat(cache.exists("folder/a.txt")).isTrue();
        try (Stream<String> names = cache.resources()) {
            assertThat(names).containsExactly("folder/a.txt");
        }
    }

    private void write(String name, String text) throws IOException {
        try (OutputStream out = cache.resource(name).getOutputStream()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatIsPutThroughThePathIsThereToo() throws IOException {
        Files.writeString(cache.path().resolve("a.txt"), "text");

        assertThat(cache.exists("a.txt")).isTrue();
        assertThat(cache.download("a.txt")).isEqualTo(cache.path().resolve("a.txt"));
    }

    @Test
    void whatIsDeletedIsGone() throws IOException {
        write("a.txt", "text");

        cache.delete("a.txt");
        cache.delete("a.txt");

        assertThat(cache.exists("a.txt")).isFalse();
    }

    @Test
    void whatIsUploadedIsACopy() throws IOException {
        Path source = Files.writeString(root.resolve("source"), "text");

        cache.upload(source, "folder/a.txt");

        assertThat(cache.path().resolve("folder/a.txt")).hasContent("text");
        assertThat(source).hasContent("text");
    }

    @Test
    void whatIsNotThereIsNotDownloaded() {
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> cache.download("missing"))
                .withMessageContaining("missing");
    }

    @Test
    void anUploadOfNothingFails() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.upload(root.resolve("missing"), "a.txt"))
                .withMessageContaining("missing");
        assertThat(cache.exists("a.txt")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "..",
                "../escape",
                "folder/../../escape",
                "folder/..",
                ".",
                "./a.txt",
                "folder//a.txt",
                "folder/",
                "nul\0character",
                "meta.json",
                "META.JSON",
                "meta.json/below",
                ".wiping",
                ".wiping/below"
            })
    void refusedNamesAreRefusedByEveryMethod(String name) throws IOException {
        Path source = Files.writeString(root.resolve("source"), "text");

        assertThatIllegalArgumentException().isThrownBy(() -> cache.resource(name));
        assertThatIllegalArgumentException().isThrownBy(() -> cache.exists(name));
        assertThatIllegalArgumentException().isThrownBy(() -> cache.delete(name));
        assertThatIllegalArgumentException().isThrownBy(() -> cache.download(name));
        assertThatIllegalArgumentException().isThrownBy(() -> cache.upload(source, name));
        assertThat(cache.path()).isDirectoryNotContaining(path -> !path.endsWith("meta.json"));
        assertThat(cache.metadata()).containsEntry("id", cache.id().value());
    }

    @Test
    void aSecondHandleSeesAFileAtOnce() throws IOException {
        write("a.txt", "text");

        assertThat(manager().attach(cache.id()).exists("a.txt")).isTrue();
    }
}
