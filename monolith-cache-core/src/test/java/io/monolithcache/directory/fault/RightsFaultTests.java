// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.crash.QuickFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rights that a user took away, in a directory or from it; and files that nobody may delete. */
@Timeout(120)
class RightsFaultTests {

    private static final int NOBODY = 65534;

    @TempDir(factory = QuickFolder.class)
    Path folder;

    /** As root, {@code chmod} proves nothing: the scenario runs as a user without rights of his own. */
    @Test
    void rightsThatAUserTookAwayHinderNoWipe() throws Exception {
        MountNamespace.assumeOrPrint(Files.exists(Path.of("/proc/self")), "there are no POSIX rights");
        Path home = Files.createDirectory(folder.resolve("home"));
        ChildJvm jvm = ChildJvm.plain();
        if (MountNamespace.isRoot()) {
            List<String> nobody =
                    List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--no-new-privs");
            MountNamespace.assumeOrPrint(
                    MountNamespace.succeeds(
                            Stream.concat(nobody.stream(), Stream.of("true")).toList()),
                    "there is no setpriv (util-linux) to become another user");
            // the class path may lie in a home that nobody else may enter
            Path classes = Files.createDirectory(folder.resolve("classes"));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setAttribute(home, "unix:uid", NOBODY);
            jvm = ChildJvm.below(nobody).withClassesIn(classes);
        }
        jvm.run(RightsScenario.class, home);
    }

    @Test
    void folderOfAnotherUserIsRefused() throws IOException {
        MountNamespace.assumeOrPrint(MountNamespace.isRoot(), "only root can give a folder to somebody else");
        RootFiles files = new RootFiles(folder);
        Files.createDirectory(files.base());
        Files.setAttribute(files.base(), "unix:uid", NOBODY);
        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(files::manager)
                .withMessageContaining("belongs to another user")
                .withMessageContaining("monolith.cache.local.path");
        // the root itself may be somebody else's, as a mounted volume is
        Files.setAttribute(files.base(), "unix:uid", 0);
        Files.setAttribute(folder, "unix:uid", NOBODY);
        try (CacheManager manager = files.manager()) {
            manager.create().close();
        }
    }

    @Test
    void folderIsClosedToOthers() throws IOException {
        RootFiles files = new RootFiles(folder);
        MountNamespace.assumeOrPrint(Files.exists(Path.of("/proc/self")), "there are no POSIX rights");
        Files.createDirectory(files.base());
        Files.setPosixFilePermissions(files.base(), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (CacheManager manager = files.manager()) {
            manager.create().close();
        }
        assertThat(Files.getPosixFilePermissions(files.base())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    /** One file that cannot be deleted keeps neither the rest of its cache, nor other caches, nor a release. */
    @Test
    void fileThatCannotBeDeletedKeepsNothingElse() throws Exception {
        MountNamespace.assumeOrPrint(MountNamespace.isRoot(), "only root can make a file immutable");
        RootFiles files = new RootFiles(folder);
        Path immutable;
        try (CacheManager manager = files.manager();
                LogLines log = new LogLines()) {
            CacheDirectory cache = manager.create();
            for (String name : List.of("a", "b", "c", "d")) {
                RootFiles.write(cache, "folder-" + name + "/large", "x".repeat(100_000));
                RootFiles.write(cache, "folder-" + name + "/small", "x");
            }
            immutable = cache.path().resolve("folder-b/small");
            boolean supported = MountNamespace.succeeds(List.of("chattr", "+i", immutable.toString()));
            MountNamespace.assumeOrPrint(supported, "there is no chattr, or not on this file system");
            try {
                assertThatCode(cache::close).doesNotThrowAnyException();
                assertThat(files.cache(cache.id())).doesNotExist();
                assertThat(log.lines()).anyMatch(line -> line.contains("could not be deleted"));
                assertThat(bytesBelow(files.trash())).isEqualTo(1);

                CacheDirectory other = manager.create();
                RootFiles.write(other, "a", "text");
                Path left = Files.createDirectory(files.caches().resolve("01k8xq7d3v9m2c4n6p8r0s1t5w"));
                assertThat(manager.sweep().directories()).isOne();
                assertThat(left).doesNotExist();
                other.close();
                assertThat(bytesBelow(files.trash())).isEqualTo(1);

                int told = log.lines().size();
                manager.sweep();
                assertThat(log.lines()).hasSize(told);
            } finally {
                makeMutable(files.root());
            }
            manager.sweep();
            assertThat(RootFiles.names(files.trash())).isEmpty();
        }
    }

    private static void makeMutable(Path tree) throws InterruptedException {
        assertThat(MountNamespace.succeeds(List.of("chattr", "-R", "-i", tree.toString())))
                .isTrue();
    }

    private static long bytesBelow(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
