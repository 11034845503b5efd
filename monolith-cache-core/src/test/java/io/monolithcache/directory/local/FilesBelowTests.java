// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree that others change while it is read. */
class FilesBelowTests {

    @TempDir
    Path top;

    private Path file(String name) throws IOException {
        Path file = top.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, name);
    }

    @Test
    void filesOfAllLevelsAreFoundWithTheirSizes() throws IOException {
        Path first = file("a");
        Path second = file("folder/deeper/bc");

        try (Stream<FilesBelow.Found> files = FilesBelow.stream(top)) {
            assertThat(files)
                    .containsExactlyInAnyOrder(new FilesBelow.Found(first, 1), new FilesBelow.Found(second, 16));
        }
    }

    @Test
    void aFileThatVanishesIsPassedOver() throws IOException {
        file("a");
        file("b");

        try (Stream<FilesBelow.Found> files = FilesBelow.stream(top)) {
            Iterator<FilesBelow.Found> iterator = files.iterator();
            Path found = iterator.next().path();
            Files.delete(found.resolveSibling(found.endsWith("a") ? "b" : "a"));

            assertThat(iterator).isExhausted();
        }
    }

    @Test
    void aFolderThatVanishesOrBecomesAFileIsPassedOver() throws IOException {
        file("folder-a/file");
        file("folder-b/file");
        file("folder-c/file");

        try (Stream<FilesBelow.Found> files = FilesBelow.stream(top)) {
            Iterator<FilesBelow.Found> iterator = files.iterator();
            Path found = iterator.next().path().getParent();
            for (String name : new String[] {"folder-a", "folder-b", "folder-c"}) {
                if (!found.endsWith(name)) {
                    Files.delete(top.resolve(name).resolve("file"));
                    Files.delete(top.resolve(name));
                }
            }
            Files.createFile(top.resolve(found.endsWith("folder-a") ? "folder-b" : "folder-a"));

            assertThat(iterator).isExhausted();
        }
    }

    @Test
    void aLinkAtTheTopIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(top.resolve("link"), Files.createDirectory(top.resolve("folder")));

        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> FilesBelow.stream(link))
                .withMessageContaining("link in its place");
    }
}
