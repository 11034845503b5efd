// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermissionsTests {

    @TempDir
    Path folder;

    private Path sealed;

    @BeforeEach
    void seal() throws IOException {
        sealed = Files.createDirectory(folder.resolve("sealed"));
        Files.setPosixFilePermissions(sealed, PosixFilePermissions.fromString("r-xr-x---"));
    }

    @Test
    void theOwnerGetsEveryRightAndNobodyLosesOne() throws IOException {
        Permissions.makeWritable(sealed);

        assertThat(Files.getPosixFilePermissions(sealed)).isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
    }

    @Test
    void whatALinkLeadsToIsLeftAlone() throws IOException {
        Permissions.makeWritable(Files.createSymbolicLink(folder.resolve("link"), sealed));

        assertThat(Files.getPosixFilePermissions(sealed)).isEqualTo(PosixFilePermissions.fromString("r-xr-x---"));
    }

    @Test
    void othersLoseTheirRightsOnAPrivateDirectory() throws IOException {
        Permissions.makePrivate(sealed);

        assertThat(Files.getPosixFilePermissions(sealed)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
}
