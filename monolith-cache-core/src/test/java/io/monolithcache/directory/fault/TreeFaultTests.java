// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import io.monolithcache.directory.WipeMode;
import io.monolithcache.directory.crash.QuickFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trees that are deeper than a path may be long, wide ones, and long names, in a process that may open few files. */
class TreeFaultTests {

    @TempDir(factory = QuickFolder.class)
    Path root;

    @ParameterizedTest
    @EnumSource
    void treeOfAnyShapeIsWiped(WipeMode mode) throws Exception {
        ChildJvm.below(List.of("sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"))
                .option("-Xss256k")
                .option("-Xmx64m")
                .run(TreeScenario.class, root, mode);
    }
}
