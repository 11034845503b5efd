// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens on a disk without space, without inodes, and on one where a directory needs a block of its own. */
class FullDiskFaultTests {

    @TempDir
    Path disk;

    @Test
    void nothingIsLostOrLeftBehindWhenThereIsNoSpace() throws Exception {
        MountNamespace.after("mount -t tmpfs -o size=2m tmpfs \"$1\"", disk)
                .run(FullDiskScenario.class, disk, FullDiskScenario.Shortage.SPACE);
    }

    @Test
    void nothingIsLostOrLeftBehindWhenThereAreNoInodes() throws Exception {
        MountNamespace.after("mount -t tmpfs -o size=4m,nr_inodes=500 tmpfs \"$1\"", disk)
                .run(FullDiskScenario.class, disk, FullDiskScenario.Shortage.INODES);
    }

    @Test
    void nothingIsLostOrLeftBehindWhenThereIsNoBlockForDirectories() throws Exception {
        String script = """
                image=$(mktemp)
                truncate -s 8m "$image"
                mkfs.ext4 -q -m 0 -O ^has_journal -N 2000 "$image"
                mount -o loop "$image" "$1" || { rm "$image"; exit 1; }
                rm "$image"
                """;
        MountNamespace.after(script, disk).run(FullDiskScenario.class, disk, FullDiskScenario.Shortage.SPACE);
    }
}
