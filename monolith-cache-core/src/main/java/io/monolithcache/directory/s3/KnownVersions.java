// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.s3.CacheState.Version;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest versions that this process has read or written: they never change, so none is read twice. Those that
 * nobody asked for since the sweep before are forgotten, so what others removed does not stay. When there are too many,
 * no more are remembered, and each costs a request again.
 */
final class KnownVersions {

    private static final int MOST = 100_000;

    /** Larger ones, which have large metadata, are read each time. */
    private static final int LARGEST = 4 * 1024;

    private final Map<CacheId, Known> versions = new ConcurrentHashMap<>();
    private volatile int sweep;

    private static final class Known {

        private final Version version;
        private volatile int asked;

        Known(Version version, int asked) {
            this.version = version;
            this.asked = asked;
        }
    }

    @Nullable CacheState find(CacheId id, long number) {
        Known known = versions.get(id);
        if (known == null || known.version.number() != number) {
            return null;
        }
        known.asked = sweep;
        return known.version.state();
    }

    /** @param size of what was written or read, in bytes */
    void add(Version version, int size) {
        if (size <= LARGEST && (versions.size() < MOST || versions.containsKey(version.id()))) {
            versions.merge(
                    version.id(),
                    new Known(version, sweep),
                    (old, now) -> old.version.number() > now.version.number() ? old : now);
        }
    }

    /** Nothing is left of it. */
    void forget(CacheId id) {
        versions.remove(id);
    }

    /** A sweep has asked for all that are there. */
    void endSweep() {
        int ended = sweep;
        versions.values().removeIf(known -> known.asked < ended);
        sweep = ended + 1;
    }

    int size() {
        return versions.size();
    }
}
