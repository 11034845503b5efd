// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.WipeMode;
import io.monolithcache.directory.crash.QuickFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that lead out of a cache, or out of our own folders: nothing outside is ever touched. */
@Timeout(60)
class LinkFaultTests {

    private static final int ROUNDS = 150;
    private static final int PAIRS = 8;

    @TempDir(factory = QuickFolder.class)
    Path folder;

    private RootFiles files;
    private Path outside;
    private Snapshot before;

    /** Nobody may write there, so that giving oneself the right would show. */
    @BeforeEach
    void makeOutside() throws IOException {
        files = new RootFiles(Files.createDirectory(folder.resolve("root")));
        outside = Files.createDirectory(folder.resolve("outside"));
        for (String name : List.of("", "sub", "sub/below")) {
            Path directory = Files.createDirectories(outside.resolve(name));
            Files.writeString(directory.resolve("canary.txt"), "canary");
            setMode(directory.resolve("canary.txt"), "r--r--r--");
        }
        for (String name : List.of("sub/below", "sub", "")) {
            setMode(outside.resolve(name), "r-xr-xr-x");
        }
        before = Snapshot.of(outside);
    }

    private static void setMode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @ParameterizedTest
    @EnumSource
    void linksThatWerePlantedBeforeTheWipeAreDeletedThemselves(WipeMode mode) throws IOException {
        CacheDirectory cache;
        try (CacheManager manager = files.builder().wipe(mode).build()) {
            cache = manager.create();
            Path sub = Files.createDirectory(cache.path().resolve("sub"));
            for (Path directory : List.of(cache.path(), sub)) {
                Files.createSymbolicLink(directory.resolve("toFile"), outside.resolve("canary.txt"));
                Files.createSymbolicLink(directory.resolve("toDirectory"), outside);
                Files.createSymbolicLink(directory.resolve("toLockedDirectory"), outside.resolve("sub"));
                Files.createSymbolicLink(directory.resolve("relative"), Path.of("../../../../outside"));
                Files.createSymbolicLink(directory.resolve("toNothing"), outside.resolve("nothing"));
                Files.createSymbolicLink(directory.resolve("toParent"), Path.of(".."));
                Files.createSymbolicLink(directory.resolve("toItself"), Path.of("toItself"));
                Files.createSymbolicLink(directory.resolve("toRoot"), Path.of("/"));
                Files.createSymbolicLink(directory.resolve("toTrash"), files.trash());
                Files.createLink(directory.resolve("hard"), files.format());
            }
            setMode(sub, "r-xr-xr-x");
            setMode(cache.path(), "r-xr-xr-x");
            cache.close();
        }
        assertThat(files.cache(cache.id())).doesNotExist();
        assertThat(RootFiles.names(files.trash())).isEmpty();
        assertThat(files.format()).exists();
        before.assertUnchanged();
    }

    @Test
    void linksThatAreSwappedInDuringTheWipeAreNotFollowed() throws Exception {
        try (CacheManager manager = files.manager();
                LogLines log = new LogLines()) {
            for (int round = 0; round < ROUNDS; round++) {
                CacheDirectory cache = manager.create();
                fill(cache.path());
                try (Swapper swapper = new Swapper(cache.path(), PAIRS)) {
                    swapper.awaitFirstRound();
                    cache.close();
                }
                before.assertUnchanged();
            }
            manager.sweep();
            assertThat(RootFiles.names(files.trash())).isEmpty();
            // an entry that changed under the deleter may be left to the next sweep, which says so
            assertThat(log.lines()).allMatch(line -> line.contains("the next sweep tries again"));
        }
        before.assertUnchanged();
    }

    private void fill(Path cache) throws IOException {
        for (int i = 0; i < PAIRS; i++) {
            Path directory = Files.createDirectories(cache.resolve("d" + i).resolve("below"));
            Files.writeString(directory.resolve("file.txt"), "text");
            Files.createSymbolicLink(directory.resolve("link"), outside);
            setMode(directory, "r-xr-xr-x");
            setMode(directory.getParent(), "r-xr-xr-x");
            Files.createSymbolicLink(cache.resolve("l" + i), i % 2 == 0 ? outside : outside.resolve("sub"));
        }
    }

    /** Our own folders must be folders: a link in their place would have a sweep delete what it leads to. */
    @ParameterizedTest
    @ValueSource(strings = {"trash", "refs", "owners", "prepared", "../caches", "."})
    void ourOwnFolderThatIsReplacedByALinkIsNotFollowed(String name) throws IOException {
        Path replaced = files.internal().resolve(name).normalize();
        try (CacheManager manager = files.manager()) {
            CacheDirectory held = manager.create();
            manager.create().lock();
            Path aside = folder.resolve("aside");
            // what is not there any more when it is wiped cannot hide what is deleted outside
            Files.move(replaced, aside);
            Files.createSymbolicLink(replaced, outside);
            sweepOrFail(manager);
            held.close();
            sweepOrFail(manager);
            assertThatExceptionOfType(CacheRootException.class)
                    .isThrownBy(files::manager)
                    .withMessageContaining("is a link");
        }
        before.assertUnchanged();
    }

    private static void sweepOrFail(CacheManager manager) {
        try {
            manager.sweep();
        } catch (CacheBackendException refused) {
            assertThat(refused).hasMessageContaining("monolith-cache");
        }
    }
}
