// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTests {

    @TempDir(factory = QuickFolder.class)
    Path folder;

    @Test
    @Tag("crash")
    void processesThatAreKilledAtRandomMomentsBreakNoRule() throws Exception {
        Campaign.run(folder, Integer.getInteger("monolith.crash.kills", 200));
    }

    @Test
    @Tag("soak")
    void thousandsOfKillsBreakNoRule() throws Exception {
        Campaign.run(folder, Integer.getInteger("monolith.crash.kills", 5_000));
    }
}
