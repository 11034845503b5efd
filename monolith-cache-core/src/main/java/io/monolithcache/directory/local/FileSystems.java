// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Tells the type of the file system that a path is on. */
@FunctionalInterface
interface FileSystems {

    /** Those on which an OS file lock may be granted to two machines at once. */
    Set<String> NETWORK = Set.of(
            "9p",
            "afs",
            "beegfs",
            "ceph",
            "cifs",
            "davfs",
            "fhgfs",
            "glusterfs",
            "gpfs",
            "lustre",
            "ncpfs",
            "nfs",
            "nfs4",
            "orangefs",
            "pvfs2",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "vboxsf",
            "webdav");

    /** The type of an existing path, for instance {@code ext4}. */
    String typeOf(Path existing) throws IOException;

    static String ofTheSystem(Path existing) throws IOException {
        return Files.getFileStore(existing).type();
    }

    static boolean isNetwork(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        // whatever runs in user space may be a network: sshfs, s3fs, rclone
        return NETWORK.contains(name) || name.startsWith("fuse.");
    }
}
