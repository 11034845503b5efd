// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import io.monolithcache.directory.crash.QuickFolder;
import io.monolithcache.directory.redis.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the registry of files does on such a disk, with references in Redis. */
@Timeout(120)
class RedisDiskFaultTests {

    private static final int NOBODY = 65534;

    @TempDir(factory = QuickFolder.class)
    Path folder;

    @TempDir
    Path redis;

    private void asNobody(String what) throws Exception {
        MountNamespace.assumeOrPrint(MountNamespace.isRoot(), "only root can become somebody without rights");
        Path home = Files.createDirectory(folder.resolve("home"));
        Path classes = Files.createDirectory(folder.resolve("classes"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(home, "unix:uid", NOBODY);
        List<String> nobody =
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--no-new-privs");
        try (RedisServer server = RedisServer.start(redis)) {
            ChildJvm.below(nobody).withClassesIn(classes).run(RedisDiskScenario.class, home, server.port(), what);
        }
    }

    @Test
    void aDirectoryThatMayNotBeWrittenIsWiped() throws Exception {
        asNobody("directory");
    }

    @Test
    void aCacheWhoseMetadataMayNotBeReadIsWiped() throws Exception {
        asNobody("metadata");
    }

    @Test
    void aCacheIsWipedWhenThereAreNoInodes() throws Exception {
        try (RedisServer server = RedisServer.start(redis)) {
            MountNamespace.after("mount -t tmpfs -o size=4m,nr_inodes=500 tmpfs \"$1\"", folder)
                    .run(RedisDiskScenario.class, folder, server.port(), "inodes");
        }
    }
}
