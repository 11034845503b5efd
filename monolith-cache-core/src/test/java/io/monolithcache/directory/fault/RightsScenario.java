// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.CacheUsage;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.WipeMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Takes rights away from files and folders of its own, as a user who is not root. */
final class RightsScenario {

    private final Path home;
    private final RootFiles files;

    private RightsScenario(Path home) throws IOException {
        this.home = home;
        this.files = new RootFiles(Files.createDirectory(home.resolve("root")));
    }

    public static void main(String[] arguments) throws Exception {
        LogLines.quiet();
        RightsScenario scenario = new RightsScenario(Path.of(arguments[0]));
        for (WipeMode wipe : WipeMode.values()) {
            scenario.directoriesWithoutRightsAreWiped(wipe);
        }
        scenario.directoriesWithoutRightsAreEvictedAndSwept();
        scenario.orphansWithoutRightsAreWiped();
        scenario.operationsInADirectoryWithoutRightsSayWhatToDo();
        scenario.metadataWithoutRightsSpoilNoList();
        scenario.linksThatAreSwappedInAreNotFollowed();
        scenario.refusedReleaseIsToldLater();
        scenario.rootWithoutRightsIsRefused();
    }

    private static void setMode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    /** Every mode that a folder may have, one in another and side by side. */
    private static void fillWithoutRights(Path directory) throws IOException {
        for (String mode :
                List.of("r-xr-xr-x", "---------", "--x------", "-wx------", "r--------", "-w-------", "rw-------")) {
            Path outer = Files.createDirectory(directory.resolve("outer" + mode));
            Files.createFile(outer.resolve("file"));
            setMode(outer.resolve("file"), "---------");
            Path inner = Files.createDirectory(outer.resolve("inner"));
            Files.createFile(inner.resolve("file"));
            setMode(inner, mode);
            setMode(outer, mode);
        }
    }

    private void directoriesWithoutRightsAreWiped(WipeMode wipe) throws IOException {
        try (CacheManager manager = files.builder().wipe(wipe).build()) {
            for (String mode : List.of("rwx------", "r-xr-xr-x", "---------", "-wx------", "r--------")) {
                CacheDirectory cache = manager.create();
                fillWithoutRights(cache.path());
                setMode(cache.path(), mode);
                cache.close();
                assertThat(files.cache(cache.id())).doesNotExist();
            }
        }
        assertThat(RootFiles.names(files.caches())).isEmpty();
        assertThat(RootFiles.names(files.trash())).isEmpty();
    }

    private void directoriesWithoutRightsAreEvictedAndSwept() throws IOException {
        try (CacheManager manager = files.manager()) {
            for (boolean force : new boolean[] {true, false}) {
                CacheDirectory cache = manager.create(CacheOptions.defaults().locked());
                fillWithoutRights(cache.path());
                setMode(cache.path(), "r-x------");
                if (force) {
                    manager.evictForcibly(cache.id());
                }
                cache.close();
                if (!force) {
                    manager.evict(cache.id());
                }
                assertThat(files.cache(cache.id())).doesNotExist();
            }
            Path left = Files.createDirectory(files.caches().resolve("01k8xq7d3v9m2c4n6p8r0s1t5w"));
            fillWithoutRights(left);
            setMode(left, "---------");
            assertThat(manager.sweep().directories()).isOne();
        }
        assertThat(RootFiles.names(files.caches())).isEmpty();
        assertThat(RootFiles.names(files.trash())).isEmpty();
    }

    private void orphansWithoutRightsAreWiped() throws IOException {
        try (CacheManager manager = files.manager()) {
            CacheDirectory cache = manager.create(CacheOptions.defaults().locked());
            fillWithoutRights(cache.path());
            setMode(cache.path(), "r-xr-xr-x");
        }
        Files.delete(files.format());
        try (CacheManager manager = files.builder().orphans(OrphanPolicy.WIPE).build()) {
            manager.create().close();
            manager.sweep();
            assertThat(RootFiles.names(files.caches())).isEmpty();
            assertThat(RootFiles.names(files.trash())).isEmpty();
        }
    }

    private void operationsInADirectoryWithoutRightsSayWhatToDo() throws IOException {
        try (CacheManager manager = files.manager()) {
            CacheDirectory cache = manager.create(CacheOptions.defaults().metadata("key", "value"));
            RootFiles.write(cache, "file", "text");
            setMode(cache.path(), "r-xr-xr-x");
            saysWhatToDo(() -> RootFiles.write(cache, "new", "text"));
            saysWhatToDo(() -> cache.upload(cache.path().resolve("file"), "new"));
            saysWhatToDo(() -> cache.putMetadata("key", "new"));
            saysWhatToDo(() -> cache.delete("file"));
            assertThat(cache.metadata()).containsEntry("key", "value");
            assertThat(RootFiles.read(cache, "file")).isEqualTo("text");
            cache.lock();
            cache.unlock();

            setMode(cache.path(), "---------");
            saysWhatToDo(() -> cache.download("file"));
            assertThat(catchThrowable(() -> cache.resources().close())).isInstanceOf(CacheBackendException.class);
            assertThat(manager.usage(cache.id())).isEqualTo(new CacheUsage(0, 0));
            assertThat(manager.attach(cache.id()).id()).isEqualTo(cache.id());
            assertThat(manager.list()).hasSize(1);
            setMode(cache.path(), "rwx------");
            Path below = Files.createDirectory(cache.path().resolve("below"));
            RootFiles.write(cache, "below/file", "text");
            RootFiles.write(cache, "beside/file", "text");
            for (String mode : List.of("---------", "rw-------", "--x------")) {
                setMode(below, mode);
                // names that are left out would be taken for files that are not there; a sum says what it could see
                saysWhatToDo(() -> {
                    try (var names = cache.resources()) {
                        assertThat(names.count()).isPositive();
                    }
                });
                assertThat(manager.usage(cache.id())).as(mode).isEqualTo(new CacheUsage(2, 8));
            }
            assertThat(cache.metadata()).containsEntry("key", "value");
        }
        assertThat(RootFiles.names(files.caches())).isEmpty();
        assertThat(RootFiles.names(files.trash())).isEmpty();
        for (String owner : RootFiles.names(files.prepared())) {
            throw new AssertionError(owner + " left something");
        }
    }

    private void metadataWithoutRightsSpoilNoList() throws IOException {
        try (CacheManager manager = files.manager();
                LogLines log = new LogLines()) {
            CacheDirectory cache = manager.create(CacheOptions.defaults().metadata("key", "value"));
            manager.create(CacheOptions.defaults().metadata("key", "sound"));
            setMode(files.metadata(cache.id()), "---------");
            assertThat(manager.list()).hasSize(2);
            assertThat(manager.list(null, 10)).hasSize(2);
            assertThat(manager.find(cache.id())).isPresent();
            assertThat(cache.metadata()).containsEntry("id", cache.id().value()).doesNotContainKey("key");
            assertThat(log.lines()).anyMatch(line -> line.contains("meta.json"));
            // what cannot be read must not be replaced by nothing
            saysWhatToDo(() -> cache.putMetadata("new", 1));
            setMode(files.metadata(cache.id()), "r--------");
            cache.putMetadata("new", 1);
            assertThat(cache.metadata()).containsEntry("key", "value").containsEntry("new", 1);
        }
    }

    /** A folder that may not be read cannot be opened, so its rights are given back by its path: the weakest step. */
    private void linksThatAreSwappedInAreNotFollowed() throws Exception {
        Path outside = Files.createDirectory(home.resolve("outside"));
        Files.writeString(outside.resolve("canary.txt"), "canary");
        setMode(outside, "r-xr-xr-x");
        Snapshot before = Snapshot.of(outside);
        try (CacheManager manager = files.manager();
                LogLines log = new LogLines()) {
            for (int round = 0; round < 100; round++) {
                CacheDirectory cache = manager.create();
                for (int i = 0; i < 8; i++) {
                    Path directory = Files.createDirectory(cache.path().resolve("d" + i));
                    Files.createFile(directory.resolve("file"));
                    setMode(directory, i % 2 == 0 ? "---------" : "r-x------");
                    Files.createSymbolicLink(cache.path().resolve("l" + i), outside);
                }
                try (Swapper swapper = new Swapper(cache.path(), 8)) {
                    swapper.awaitFirstRound();
                    cache.close();
                }
                before.assertUnchanged();
            }
            manager.sweep();
            assertThat(RootFiles.names(files.trash())).isEmpty();
            assertThat(log.lines()).allMatch(line -> line.contains("the next sweep tries again"));
        }
        before.assertUnchanged();
    }

    private void refusedReleaseIsToldLater() throws Exception {
        try (CacheManager manager = files.manager();
                LogLines log = new LogLines()) {
            CacheDirectory cache = manager.create();
            setMode(files.refs(cache.id()), "r-x------");
            assertThatCode(cache::close).doesNotThrowAnyException();
            assertThat(log.lines()).anyMatch(line -> line.contains("told later"));
            assertThat(files.cache(cache.id())).exists();
            manager.sweep();
            assertThat(files.cache(cache.id())).exists();
            setMode(files.refs(cache.id()), "rwx------");
            manager.sweep();
            assertThat(files.cache(cache.id())).doesNotExist();

            CacheDirectory second = manager.create();
            setMode(files.refs(second.id()), "r-x------");
            second.close();
            setMode(files.refs(second.id()), "rwx------");
            // then a sweep fails as a whole
            setMode(files.owners(), "---------");
            assertThat(catchThrowable(manager::sweep)).isInstanceOf(CacheBackendException.class);
            setMode(files.owners(), "rwx------");
            assertThat(files.cache(second.id())).doesNotExist();

            CacheDirectory unwiped = manager.create();
            setMode(files.caches(), "r-x------");
            assertThatCode(unwiped::close).doesNotThrowAnyException();
            setMode(files.caches(), "rwx------");
            assertThat(files.cache(unwiped.id())).exists();
            assertThat(manager.sweep().directories()).isOne();
            assertThat(files.cache(unwiped.id())).doesNotExist();

            CacheDirectory left = manager.create();
            setMode(files.owners(), "r-x------");
            setMode(files.prepared(), "r-x------");
            setMode(files.trash(), "r-x------");
            setMode(files.refs(left.id()), "r-x------");
            assertThatCode(manager::close).doesNotThrowAnyException();
            setMode(files.owners(), "rwx------");
            setMode(files.prepared(), "rwx------");
            setMode(files.trash(), "rwx------");
            setMode(files.refs(left.id()), "rwx------");
        }
        try (ChildJvm.Conversation other = OtherProcess.start(files.root())) {
            assertThat(other.ask("sweep")).contains("deadOwners=1", "directories=1");
        }
        assertThat(RootFiles.names(files.caches())).isEmpty();
        assertThat(RootFiles.names(files.owners())).isEmpty();
        assertThat(RootFiles.names(files.prepared())).isEmpty();
    }

    private void rootWithoutRightsIsRefused() throws IOException {
        Path closed = Files.createDirectory(home.resolve("closed"));
        for (String mode : List.of("r-xr-xr-x", "---------")) {
            setMode(closed, mode);
            for (Path root :
                    List.of(closed, closed.resolve("below"), Path.of("/proc/monolith"), Path.of("/root/monolith"))) {
                assertThatExceptionOfType(CacheRootException.class)
                        .as(root.toString())
                        .isThrownBy(() -> new RootFiles(root).manager())
                        .satisfies(refused -> assertThat(refused.action()).contains("monolith.cache.local.path"));
            }
        }
        for (Path part : List.of(files.base(), files.internal(), files.format(), files.refs(), files.caches())) {
            for (String mode : List.of("r-x------", "---------")) {
                setMode(part, mode);
                Throwable refused = catchThrowable(() -> {
                    try (CacheManager manager = files.manager()) {
                        manager.create();
                    }
                });
                setMode(part, "rwx------");
                // not all of them are written to
                if (refused != null || mode.startsWith("-")) {
                    assertThat(refused)
                            .as("%s with %s", part, mode)
                            .isInstanceOf(CacheException.class)
                            .hasMessageContaining("monolith.cache.local.path");
                }
            }
        }
        try (CacheManager manager = files.manager()) {
            manager.create();
        }
        assertThat(RootFiles.names(files.caches())).isEmpty();
    }

    private static void saysWhatToDo(ThrowingCallable operation) {
        assertThat(catchThrowable(operation)).hasMessageContaining("denied").hasMessageContaining("rights");
    }
}
