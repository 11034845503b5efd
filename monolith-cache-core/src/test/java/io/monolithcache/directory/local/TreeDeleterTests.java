// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The basics; attacks and very large trees are tested elsewhere. */
class TreeDeleterTests {

    @TempDir
    Path folder;

    private Path trash;
    private TreeDeleter deleter;

    @BeforeEach
    void create() throws IOException {
        Layout layout = new Layout(folder.resolve("base"));
        trash = Files.createDirectories(layout.trash());
        deleter = new TreeDeleter(layout);
    }

    @AfterEach
    void close() throws IOException {
        deleter.close();
    }

    private Path tree(String name, int depth) throws IOException {
        Path top = Files.createDirectory(trash.resolve(name));
        Path here = top;
        for (int level = 0; level < depth; level++) {
            Files.writeString(here.resolve("file"), "text");
            here = Files.createDirectory(here.resolve("d" + level));
        }
        return top;
    }

    @Test
    void deletesOneEntryAndLeavesTheOthers() throws IOException {
        Path gone = tree("gone", 3);
        Path kept = tree("kept", 3);

        deleter.delete("gone");

        assertThat(gone).doesNotExist();
        assertThat(kept.resolve("d0/d1/d2")).isDirectory();
    }

    @Test
    void deletesAFileTo() throws IOException {
        Files.createFile(trash.resolve("file"));

        deleter.delete("file");

        assertThat(trash).isEmptyDirectory();
    }

    @Test
    void deletesEverythingAndCountsTheEntries() throws IOException {
        tree("one", 3);
        tree("other", 0);
        Files.createFile(trash.resolve("file"));

        assertThat(deleter.deleteAll()).isEqualTo(3);
        assertThat(trash).isEmptyDirectory();
        assertThat(deleter.deleteAll()).isZero();
    }

    @Test
    void deletesATreeThatIsDeeperThanItGoesDown() throws IOException {
        tree("deep", 40);

        deleter.delete("deep");

        assertThat(trash).isEmptyDirectory();
    }

    @Test
    void whatIsNotThereIsFine() throws IOException {
        deleter.delete("missing");

        assertThat(trash).isEmptyDirectory();
    }

    @Test
    void withoutATrashThereIsNothingToDelete() throws IOException {
        try (TreeDeleter none = new TreeDeleter(new Layout(folder.resolve("missing")))) {
            none.delete("anything");
            assertThat(none.deleteAll()).isZero();
        }
    }

    @Test
    void aLinkIsDeletedAndNotWhatItLeadsTo() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("file"), "text");
        Path tree = tree("tree", 1);
        Files.createSymbolicLink(tree.resolve("link"), outside);
        Files.createSymbolicLink(trash.resolve("top-link"), outside);

        deleter.deleteAll();

        assertThat(trash).isEmptyDirectory();
        assertThat(outside.resolve("file")).hasContent("text");
    }

    @Test
    void aDirectoryWithoutRightsIsGivenThem() throws IOException {
        Path tree = tree("tree", 2);
        Files.setPosixFilePermissions(tree.resolve("d0"), PosixFilePermissions.fromString("---------"));

        deleter.delete("tree");

        assertThat(trash).isEmptyDirectory();
    }

    @Test
    void worksAgainAfterItLetGo() throws IOException {
        tree("one", 1);
        deleter.delete("one");
        deleter.close();
        deleter.close();
        tree("other", 1);

        deleter.delete("other");

        assertThat(trash).isEmptyDirectory();
    }
}
