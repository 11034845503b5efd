// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import io.monolithcache.directory.crash.QuickFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand directories in a process with 64 MiB. It prints figures; times are no condition. */
@Tag("long")
class DirectoryScaleTests {

    @TempDir(factory = QuickFolder.class)
    Path root;

    @Test
    void hundredThousandDirectoriesAreListedAndSweptIn64MiB() throws Exception {
        System.out.println(ChildJvm.plain().option("-Xmx64m").run(ScaleScenario.class, root, 10_000, 50_000, 100_000));
    }
}
