// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * A temporary folder in memory, where the system has one: the tests here are about the order of steps, and the more of
 * them happen, the more is found. {@code -Dmonolith.crash.folder=…} chooses another place, for instance a disk.
 */
public final class QuickFolder implements TempDirFactory {

    private static final Path MEMORY = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws Exception {
        String place = System.getProperty("monolith.crash.folder");
        if (place != null) {
            return Files.createTempDirectory(Files.createDirectories(Path.of(place)), "monolith-");
        }
        return Files.isDirectory(MEMORY) && Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "monolith-")
                : Files.createTempDirectory("monolith-");
    }
}
