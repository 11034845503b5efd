// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.crash.QuickFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Roots that are not ours to use: they are refused at the start, and nothing in them is changed. */
@Timeout(60)
class ForeignRootFaultTests {

    @TempDir(factory = QuickFolder.class)
    Path root;

    private RootFiles files;

    @BeforeEach
    void nameFiles() {
        files = new RootFiles(root);
    }

    private void assertRefused(RootFiles refused, String... words) {
        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(refused::manager)
                .satisfies(exception -> {
                    assertThat(exception.getMessage()).contains(words);
                    assertThat(exception.description()).endsWith(".");
                    assertThat(exception.action())
                            .contains("monolith.cache.local.path")
                            .endsWith(".");
                });
    }

    private void leaveACache(String format) throws IOException {
        try (CacheManager manager = files.manager();
                CacheDirectory cache = manager.create()) {
            cache.lock();
        }
        Files.writeString(files.format(), format);
    }

    @Test
    void rootOfAnotherRegistryIsRefused() throws IOException {
        leaveACache("version=1\nroot=01k8xq7d3v9m2c4n6p8r0s1t5w\nregistry=redis\n");
        Snapshot before = Snapshot.of(root);
        assertRefused(files, "'redis'", "monolith.cache.registry=redis");
        before.assertUnchanged();
    }

    @Test
    void rootOfAnotherVersionIsRefused() throws IOException {
        leaveACache("version=2\nroot=01k8xq7d3v9m2c4n6p8r0s1t5w\nregistry=file\nnew=thing\n");
        Snapshot before = Snapshot.of(root);
        assertRefused(files, "'2'");
        before.assertUnchanged();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "rubbish", "version=1", "version=1\nroot=x\n", "\u0000\u0001\u0002", "version=\u00ff\u00fe"})
    void damagedFormatIsRefused(String text) throws IOException {
        leaveACache("");
        Files.write(files.format(), text.getBytes(StandardCharsets.ISO_8859_1));
        Snapshot before = Snapshot.of(root);
        assertRefused(files, files.format().getParent().getParent().toString());
        before.assertUnchanged();
    }

    @Test
    void registryThatChangesWhileRunningIsNotSwept() throws IOException {
        try (CacheManager manager = files.manager()) {
            CacheDirectory held = manager.create();
            Files.writeString(files.format(), "version=1\nroot=01k8xq7d3v9m2c4n6p8r0s1t5w\nregistry=redis\n");
            Path left = Files.createDirectory(files.caches().resolve("01k8xq7d3v9m2c4n6p8r0s1t5w"));
            assertThat(manager.sweep().skipped()).isNotNull();
            assertThat(left).exists();
            Files.writeString(files.format(), "version=7\n");
            Throwable refused = catchThrowable(manager::sweep);
            assertThat(refused).isInstanceOf(CacheException.class).hasMessageContaining("'7'");
            assertThat(left).exists();
            held.close();
        }
    }

    @Test
    void fileIsRefused() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "text");
        assertRefused(new RootFiles(file), "is a file");
        assertRefused(new RootFiles(file.resolve("below")), "is a file");
        assertRefused(new RootFiles(file.resolve("below/further")), "is a file");
        Files.writeString(root.resolve("monolith-cache"), "text");
        assertRefused(files, "is a link or a file");
        assertThat(file).hasContent("text");
    }

    @Test
    void linkToNothingIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("nothing"));
        assertRefused(new RootFiles(link), "link to nothing");
        Path loop = Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        assertRefused(new RootFiles(loop), "link to nothing");
    }

    @Test
    void linkInPlaceOfOurFolderIsRefused() throws IOException {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Files.createSymbolicLink(files.base(), elsewhere);
        assertRefused(files, "is a link or a file");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"trash", "refs", "owners", "prepared", "metadata", "../caches", "."})
    void linkInPlaceOfAFolderInItIsRefused(String name) throws IOException {
        try (CacheManager manager = files.manager()) {
            manager.create().lock();
        }
        Path replaced = files.internal().resolve(name).normalize();
        Path elsewhere = root.resolve("elsewhere");
        Files.move(replaced, elsewhere);
        Files.createSymbolicLink(replaced, elsewhere);
        Snapshot before = Snapshot.of(root);
        assertRefused(files, "is a link or a file", replaced.toString());
        before.assertUnchanged();
    }

    /** The configured root itself may be one. */
    @Test
    void linkToAFolderIsFollowed() throws IOException {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(root.resolve("link"), elsewhere);
        try (CacheManager manager = new RootFiles(link).manager();
                CacheDirectory cache = manager.create()) {
            assertThat(cache.path()).startsWith(elsewhere.toRealPath());
            assertThat(manager.attach(link.resolve("monolith-cache/caches")
                                    .resolve(cache.id().value()))
                            .id())
                    .isEqualTo(cache.id());
        }
    }

    /** Only what lies there already is looked at, so nothing is written by a manager that nobody uses. */
    @Test
    void unusedManagerWritesNothing() throws IOException {
        Path missing = root.resolve("a/b/c");
        try (CacheManager manager = new RootFiles(missing).manager()) {
            assertThat(manager.list()).isEmpty();
            assertThat(manager.list(null, 1)).isEmpty();
            assertThat(manager.sweep().skipped()).isNotNull();
        }
        assertThat(root).isEmptyDirectory();
    }
}
