// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.local.ReferenceFiles.Removal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the single steps say when another party was faster. */
class ReferenceFilesTests {

    @TempDir
    Path base;

    private final CacheId id = CacheId.random(Instant.now());
    private Layout layout;
    private ReferenceFiles files;

    @BeforeEach
    void open() throws IOException {
        layout = new Layout(base);
        Files.createDirectories(layout.refs());
        files = new ReferenceFiles(layout);
    }

    @Test
    void inAFolderThatIsGoneNothingIsAddedRemovedOrMadeToLast() throws IOException {
        assertThat(files.create(id, "me")).isFalse();
        assertThat(files.remove(id, "me")).isFalse();
        assertThat(files.removeFolder(id)).isEqualTo(Removal.GONE);
        assertThatCode(() -> files.sync(id)).doesNotThrowAnyException();

        assertThat(layout.refs()).isEmptyDirectory();
    }

    @Test
    void aNameThatIsThereIsAddedAgainAndKeepsTheFolder() throws IOException {
        Files.createDirectory(layout.refs(id));

        assertThat(files.create(id, "me")).isTrue();
        assertThat(files.create(id, "me")).isTrue();
        assertThat(files.removeFolder(id)).isEqualTo(Removal.NOT_EMPTY);
        assertThat(files.remove(id, "me")).isTrue();
        assertThat(files.removeFolder(id)).isEqualTo(Removal.DONE);
    }

    @Test
    void anIdThatIsTakenIsTakenByNobodyElse() throws IOException {
        Folder workspace = new NamedFolder(Files.createDirectory(base.resolve("workspace")));
        Files.createFile(
                Files.createDirectory(workspace.path().resolve("draft")).resolve("me"));
        Files.createFile(Files.createDirectory(layout.refs(id)).resolve("other"));

        assertThat(files.take(workspace, "draft", id)).isFalse();

        assertThat(layout.refs(id).resolve("other")).exists();
        CacheId free = CacheId.random(Instant.now());
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> files.take(workspace, "missing", free));
        assertThat(files.take(workspace, "draft", free)).isTrue();
    }
}
