// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a cache at one moment.
 *
 * @param storage the storage that holds it, for instance {@code local}
 * @param lockedUntil when the lock ends; null when it has no end or there is none
 * @param owners who references it; an owner that died counts until the next sweep
 * @param metadata what was put, as {@link CacheDirectory#metadata()} has it, without {@code id}, {@code createdAt} and
 *     {@code locked}
 */
public record CacheDescription(
        CacheId id,
        URI location,
        String storage,
        boolean locked,
        @Nullable Instant lockedUntil,
        List<CacheOwner> owners,
        Instant createdAt,
        Map<String, Object> metadata) {

    /** How many owners reference it; an owner counts once, however many handles it has. */
    public int references() {
        return owners.size();
    }
}
