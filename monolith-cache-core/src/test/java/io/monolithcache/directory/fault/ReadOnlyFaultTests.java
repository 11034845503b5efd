// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root that is read-only at the start, and one that becomes so while it is used, as a disk with errors does. */
class ReadOnlyFaultTests {

    @TempDir
    Path disk;

    @Test
    void readOnlyRootIsRefusedAtTheStartAndSurvivedWhileRunning() throws Exception {
        // no mount becomes read-only while a file on it is open for writing, so those have mounts of their own
        String script = """
                mount -t tmpfs -o size=4m tmpfs "$1"
                internal="$1/monolith-cache/.monolith"
                mkdir -p "$internal/owners" "$internal/metadata"
                touch "$internal/sweeping"
                for open in owners metadata sweeping; do
                    mount --bind "$internal/$open" "$internal/$open"
                done
                """;
        MountNamespace.after(script, disk).run(ReadOnlyScenario.class, disk);
    }
}
