// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both kinds of folders do the same. */
class FolderTests {

    enum Kind {
        OPEN {
            @Override
            Folder of(Path path) throws IOException {
                return Folder.open(path);
            }
        },
        NAMED {
            @Override
            Folder of(Path path) {
                return new NamedFolder(path);
            }
        };

        abstract Folder of(Path path) throws IOException;
    }

    @TempDir
    Path parent;

    private Folder make(Kind kind, String name) throws IOException {
        return kind.of(Files.createDirectories(parent.resolve(name)));
    }

    /** A zip file stands for the systems on which a folder cannot be worked on while it is open. */
    @Test
    void whereNoFolderCanBeHeldOpenItIsNamed() throws IOException {
        try (FileSystem zip =
                java.nio.file.FileSystems.newFileSystem(parent.resolve("file.zip"), Map.of("create", "true"))) {
            Path path = Files.createDirectory(zip.getPath("/folder"));

            try (Folder folder = Folder.open(path)) {
                assertThat(folder).isEqualTo(new NamedFolder(path));
                folder.write("a", new byte[] {1});
                folder.deleteFile("a");
            }
            assertThat(path).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @EnumSource
    void movesAnEntryIntoAnotherFolder(Kind kind) throws IOException {
        try (Folder from = make(kind, "from");
                Folder to = make(kind, "to");
                Folder named = make(Kind.NAMED, "named")) {
            Files.writeString(from.path().resolve("a"), "text");

            from.move("a", to, "b");
            to.move("b", named, "c");

            assertThat(from.path()).isEmptyDirectory();
            assertThat(to.path()).isEmptyDirectory();
            assertThat(named.path().resolve("c")).hasContent("text");
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> from.move("a", to, "b"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsMovedReplacesOneOfThatName(Kind kind) throws IOException {
        try (Folder from = make(kind, "from");
                Folder to = make(kind, "to")) {
            Files.writeString(from.path().resolve("a"), "new");
            Files.writeString(to.path().resolve("a"), "old");

            from.move("a", to, "a");

            assertThat(to.path().resolve("a")).hasContent("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void deletesAFile(Kind kind) throws IOException {
        try (Folder folder = make(kind, "folder")) {
            Files.createFile(folder.path().resolve("a"));
            Files.createFile(
                    Files.createDirectory(folder.path().resolve("below")).resolve("b"));

            folder.deleteFile("a");
            folder.deleteFile("below/b");

            assertThat(folder.path().resolve("a")).doesNotExist();
            assertThat(folder.path().resolve("below")).isEmptyDirectory();
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> folder.deleteFile("a"));
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> folder.deleteFile("missing/b"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void deletesADirectoryIfItIsEmpty(Kind kind) throws IOException {
        try (Folder folder = make(kind, "folder")) {
            Path full = Files.createDirectory(folder.path().resolve("full"));
            Files.createFile(full.resolve("a"));

            assertThatExceptionOfType(DirectoryNotEmptyException.class)
                    .isThrownBy(() -> folder.deleteDirectory("full"));
            folder.deleteFile("full/a");
            folder.deleteDirectory("full");

            assertThat(full).doesNotExist();
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> folder.deleteDirectory("full"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesAFileInPlaceOfAnother(Kind kind) throws IOException {
        try (Folder folder = make(kind, "folder")) {
            folder.write("a", "a longer text".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            folder.write("a", "text".getBytes(java.nio.charset.StandardCharsets.UTF_8));

            assertThat(folder.path().resolve("a")).hasContent("text");
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesOnAnInterruptedThread(Kind kind) throws IOException {
        try (Folder folder = make(kind, "folder")) {
            Thread.currentThread().interrupt();
            try {
                folder.write("a", new byte[] {1});
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            } finally {
                Thread.interrupted();
            }
            assertThat(folder.path().resolve("a")).hasSize(1);
        }
    }
}
