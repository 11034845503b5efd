// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainTreeDeleterTests {

    @TempDir
    Path folder;

    @Test
    void deletesATree() throws IOException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.writeString(Files.createDirectories(tree.resolve("a/b/c")).resolve("file"), "text");
        Files.createDirectory(tree.resolve("empty"));

        PlainTreeDeleter.delete(tree);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void deletesAFile() throws IOException {
        PlainTreeDeleter.delete(Files.createFile(folder.resolve("file")));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void followsNoLink() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("file"), "text");
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), outside);

        PlainTreeDeleter.delete(tree);

        assertThat(tree).doesNotExist();
        assertThat(outside.resolve("file")).hasContent("text");
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> PlainTreeDeleter.delete(folder.resolve("missing")));
    }

    /** As the JDK shows a junction of Windows. */
    private record Junction() implements BasicFileAttributes {

        @Override
        public FileTime lastModifiedTime() {
            return FileTime.fromMillis(0);
        }

        @Override
        public FileTime lastAccessTime() {
            return FileTime.fromMillis(0);
        }

        @Override
        public FileTime creationTime() {
            return FileTime.fromMillis(0);
        }

        @Override
        public boolean isRegularFile() {
            return false;
        }

        @Override
        public boolean isDirectory() {
            return true;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return true;
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public @Nullable Object fileKey() {
            return null;
        }
    }

    @Test
    void aJunctionGoesAndWhatItLeadsToStays() throws IOException {
        Path junction = Files.createDirectory(folder.resolve("junction"));

        assertThat(new PlainTreeDeleter().preVisitDirectory(junction, new Junction()))
                .isEqualTo(FileVisitResult.SKIP_SUBTREE);

        assertThat(junction).doesNotExist();
    }

    @Test
    void passesOnWhatHappenedInAFolder() {
        IOException failure = new IOException("no");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new PlainTreeDeleter().postVisitDirectory(folder, failure))
                .isSameAs(failure);
        assertThat(folder).exists();
    }
}
