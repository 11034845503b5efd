// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import io.monolithcache.owner.ProcessWide;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The databases that are open here, each of which this process opens through one copy of SQLite only. POSIX locks
 * belong to the process: two copies (of two class loaders, such as two applications in one server) would not see each
 * other's locks, write at once, and destroy the file.
 */
final class OpenDatabases {

    private static final Map<Path, Integer> COUNTS = new HashMap<>();

    private OpenDatabases() {}

    /** To be taken back by {@link #remove}. */
    static synchronized void add(Path path) throws IOException {
        Integer count = COUNTS.get(path);
        if (count == null && !ProcessWide.tryEnter(name(path))) {
            throw new IOException("The index " + path + " is open in this process through another copy of SQLite, of"
                    + " another class loader; the two would destroy it. Give each application a folder of its own, or"
                    + " put this library and sqlite-jdbc where both of them find the same copy");
        }
        COUNTS.put(path, count == null ? 1 : count + 1);
    }

    static synchronized void remove(Path path) {
        COUNTS.compute(path, (same, count) -> {
            if (count == null || count > 1) {
                return count == null ? null : count - 1;
            }
            ProcessWide.leave(name(path));
            return null;
        });
    }

    /** As a URI, in which there are no spaces. */
    private static String name(Path path) {
        return path.toUri().toString();
    }
}
