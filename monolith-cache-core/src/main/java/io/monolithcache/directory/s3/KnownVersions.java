// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.s3.CacheState.Version;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest versions that this process has read or written: they never change, so none is read twice. When there are
 * too many, no more are remembered, and each costs a request again.
 */
final class KnownVersions {

    private static final int MOST = 100_000;

    private final Map<CacheId, Version> versions = new ConcurrentHashMap<>();

    @Nullable CacheState find(CacheId id, long number) {
        Version known = versions.get(id);
        return known != null && known.number() == number ? known.state() : null;
    }

    void add(Version version) {
        if (versions.size() < MOST || versions.containsKey(version.id())) {
            versions.merge(version.id(), version, (old, now) -> old.number() > now.number() ? old : now);
        }
    }

    /** Nothing is left of it. */
    void forget(CacheId id) {
        versions.remove(id);
    }
}
