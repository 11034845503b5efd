// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.LogWatch;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.owner.RootLocator.Place;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A root is on a local file system, or on one that is trusted. */
class NetworkFileSystemTests extends RootsInOneFolder {

    private LocalRoot on(String fileSystem, boolean allowed) {
        return new LocalRoot(Place.of(folder), "file", OrphanPolicy.KEEP, allowed, path -> fileSystem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "NFS4", "lustre", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.s3fs"})
    void aNetworkFileSystemIsRefused(String type) {
        assertRefuses(on(type, false), "network file system (" + type + ")", "allow-network-file-system=true");
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(on(type, false)::open);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "NTFS", "fuseblk"})
    void aLocalFileSystemIsFine(String type) {
        try (LogWatch log = new LogWatch()) {
            on(type, false).look();
            on(type, false).open();
            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    void aNetworkFileSystemThatIsTrustedIsUsedWithOneWarning() {
        LocalRoot root = on("nfs4", true);

        try (LogWatch log = new LogWatch()) {
            root.look();
            root.open();
            assertThat(log.warnings()).singleElement().asString().contains("nfs4", "trusted");
        }

        assertThat(base()).isDirectory();
    }

    @Test
    void theNearestFolderThatExistsIsAsked() {
        new LocalRoot(Place.of(folder.resolve("a/b")), "file", OrphanPolicy.KEEP, false, path -> {
                    assertThat(path).isEqualTo(folder.toAbsolutePath());
                    return "ext4";
                })
                .look();
    }

    @Test
    void theSystemTellsAType() throws IOException {
        assertThat(FileSystems.ofTheSystem(folder)).isNotBlank();
    }
}
