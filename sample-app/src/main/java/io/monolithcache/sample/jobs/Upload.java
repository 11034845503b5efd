// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import java.io.IOException;
import java.nio.file.Path;

/** What was sent and lies somewhere on the disk. */
@FunctionalInterface
public interface Upload {

    /** Renames it; the target is on the same file system. */
    void moveTo(Path target) throws IOException;
}
