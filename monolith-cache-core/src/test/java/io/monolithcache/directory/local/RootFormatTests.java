// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootFormatTests {

    @TempDir
    Path folder;

    private Path file;
    private Path trash;

    @BeforeEach
    void name() throws IOException {
        file = Files.createDirectories(folder.resolve("base/.monolith")).resolve("format");
        trash = Files.createDirectory(folder.resolve("trash"));
    }

    @Test
    void comesBackAsItWas() throws IOException {
        assertThat(RootFormat.read(file)).isEmpty();

        RootFormat.create(file, trash, new RootFormat("an-id", "redis", "shop"));

        assertThat(RootFormat.read(file)).contains(new RootFormat("an-id", "redis", "shop"));
        assertThat(file.getParent()).isDirectoryNotContaining(path -> !path.equals(file));
        assertThat(trash).isEmptyDirectory();
    }

    @Test
    void theFirstCounts() throws IOException {
        RootFormat.create(file, trash, new RootFormat("first", "file", null));

        RootFormat.create(file, trash, new RootFormat("second", "redis", "shop"));

        assertThat(RootFormat.read(file)).contains(new RootFormat("first", "file", null));
        assertThat(file.getParent()).isDirectoryNotContaining(path -> !path.equals(file));
        assertThat(trash).isEmptyDirectory();
    }

    @Test
    void oneOfBeforeNamesNoNamespaceAndCanBeToldIt() throws IOException {
        Files.writeString(file, "version=1\nroot=an-id\nregistry=redis\nmore=that");
        assertThat(RootFormat.read(file)).contains(new RootFormat("an-id", "redis", null));

        RootFormat.note(file, trash, "shop");

        assertThat(RootFormat.read(file)).contains(new RootFormat("an-id", "redis", "shop"));
        assertThat(file).content().contains("more=that\n");
        assertThat(file.getParent()).isDirectoryNotContaining(path -> !path.equals(file));
        assertThat(trash).isEmptyDirectory();
    }
}
