// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.crash.QuickFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody removes the root under a process that uses it; and somebody makes it again. */
@Timeout(60)
class RemovedRootFaultTests {

    @TempDir(factory = QuickFolder.class)
    Path folder;

    private Path root;
    private RootFiles files;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        files = new RootFiles(root);
    }

    /** What somebody does to a folder in use. */
    enum Removal {
        DELETED {
            @Override
            void apply(Path path, Path aside) throws IOException {
                RootFiles.remove(path);
            }
        },
        MOVED_ASIDE {
            @Override
            void apply(Path path, Path aside) throws IOException {
                Files.move(path, aside);
            }
        };

        abstract void apply(Path path, Path aside) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void everythingFailsClearlyAndClosesQuietlyWhenTheRootIsGone(Removal removal) throws IOException {
        assertFailsClearlyAfter(removal, root);
    }

    @ParameterizedTest
    @EnumSource
    void everythingFailsClearlyAndClosesQuietlyWhenItsFolderIsGone(Removal removal) throws IOException {
        assertFailsClearlyAfter(removal, files.base());
    }

    private void assertFailsClearlyAfter(Removal removal, Path removed) throws IOException {
        try (CacheManager manager = files.manager()) {
            CacheDirectory held = manager.create();
            CacheDirectory kept = manager.create();
            kept.lock();
            RootFiles.write(held, "a", "text");
            removal.apply(removed, folder.resolve("aside"));

            for (int attempt = 0; attempt < 50; attempt++) {
                assertThatExceptionOfType(CacheBackendException.class)
                        .isThrownBy(manager::create)
                        .withMessageContaining("removed")
                        .withMessageMatching("(?s).*[Rr]estart the application.*");
            }
            CacheId id = held.id();
            assertThat(catchThrowable(() -> manager.attach(CacheId.of("0".repeat(26)))))
                    .isInstanceOf(CacheException.class);
            assertThat(catchThrowable(() -> held.putMetadata("a", 1))).isInstanceOf(CacheException.class);
            assertThat(catchThrowable(() -> held.resource("a"))).isInstanceOf(CacheException.class);
            assertThat(catchThrowable(() -> manager.lock(id))).isInstanceOf(CacheException.class);
            assertThat(catchThrowable(() -> manager.unlock(id))).isInstanceOf(CacheException.class);
            assertThat(catchThrowable(() -> manager.evict(id))).isInstanceOf(CacheException.class);
            assertThat(catchThrowable(() -> manager.evictForcibly(id))).isInstanceOf(CacheException.class);
            assertThat(manager.find(id)).isEmpty();
            assertThat(manager.list()).isEmpty();
            assertThat(manager.list(null, 10)).isEmpty();
            assertThat(manager.sweep().skipped()).isNotNull();
            assertThatCode(held::close).doesNotThrowAnyException();
            assertThatCode(manager::close).doesNotThrowAnyException();
        }
        assertThat(removed).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void oldProcessHoldsNothingInARootThatAnotherProcessHasMadeAgain(Removal removal) throws Exception {
        try (CacheManager manager = files.manager()) {
            CacheDirectory old = manager.create();
            removal.apply(root, folder.resolve("aside"));
            try (ChildJvm.Conversation other = OtherProcess.start(root)) {
                CacheId theirs = CacheId.of(other.ask("create"));
                // what was prepared ahead is used up meanwhile
                for (int attempt = 0; attempt < 50; attempt++) {
                    assertThatExceptionOfType(CacheBackendException.class).isThrownBy(manager::create);
                }
                assertThatExceptionOfType(CacheBackendException.class)
                        .isThrownBy(() -> manager.attach(theirs))
                        .withMessageContaining("removed or replaced")
                        .withMessageContaining("Restart");
                assertThat(manager.sweep().skipped()).isNotNull();
                old.close();
                assertThat(other.ask("sweep")).contains("skipped=null", "directories=0");
                assertThat(RootFiles.names(files.caches())).containsExactly(theirs.value());
                assertThat(RootFiles.names(files.refs())).containsExactly(theirs.value());
                assertThat(RootFiles.names(files.refs(theirs))).hasSize(1);
                manager.close();
                assertThat(other.ask("sweep")).contains("skipped=null", "directories=0");
                assertThat(files.cache(theirs)).exists();
            }
        }
        assertThat(RootFiles.names(files.caches())).isEmpty();
    }

    /** Nobody can tell from what is left whether an operator evicted it: so both are named. */
    @ParameterizedTest
    @EnumSource
    void whatIsLostToARemovalByHandIsNotBlamedOnAnEvictAlone(Removal removal) throws IOException {
        try (CacheManager manager = files.manager();
                LogLines log = new LogLines()) {
            CacheDirectory held = manager.create();
            CacheDirectory other = manager.create();
            removal.apply(files.cache(held.id()), folder.resolve("cache"));
            removal.apply(files.refs(), folder.resolve("refs"));

            for (CacheDirectory lost : List.of(held, other)) {
                assertThatExceptionOfType(CacheLostException.class)
                        .isThrownBy(lost::metadata)
                        .withMessageContaining("by force")
                        .withMessageContaining("by hand")
                        .withMessageContaining("restart the application");
                assertThat(log.lines()).last().asString().contains(lost.id().value(), "by force", "by hand");
            }
        }
    }

    /** The files of owners are there again, but nobody holds their locks: others take them for dead. */
    @Test
    void oldProcessHoldsNothingInACopyOfItsRoot() throws Exception {
        try (CacheManager manager = files.manager()) {
            CacheDirectory old = manager.create();
            Path copy = folder.resolve("copy");
            MountNamespace.assumeOrPrint(
                    MountNamespace.succeeds(List.of("cp", "-a", root.toString(), copy.toString())),
                    "there is no cp -a");
            RootFiles.remove(root);
            Files.move(copy, root);
            for (int attempt = 0; attempt < 50; attempt++) {
                assertThatExceptionOfType(CacheBackendException.class)
                        .isThrownBy(manager::create)
                        .withMessageContaining("removed or replaced");
            }
            try (ChildJvm.Conversation other = OtherProcess.start(root)) {
                CacheId theirs = CacheId.of(other.ask("create"));
                assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> manager.attach(theirs));
                assertThat(other.ask("sweep")).contains("deadOwners=1", "directories=1");
                assertThat(manager.find(theirs)).isPresent();
            }
            assertThatCode(old::close).doesNotThrowAnyException();
        }
    }

    @Test
    void restartedProcessWorksInANewRoot() throws IOException {
        CacheManager before = files.manager();
        before.create();
        RootFiles.remove(root);
        before.close();
        try (CacheManager manager = files.manager()) {
            CacheDirectory cache = manager.create();
            RootFiles.write(cache, "a", "text");
            assertThat(manager.list()).hasSize(1);
            assertThat(manager.sweep().skipped()).isNull();
        }
    }
}
