// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Describes caches, one or a page of them, from what the registry and the storage know; holds none. */
final class CacheListing {

    private static final int LARGEST_PAGE = 1_000;

    private final DirectoryStorage storage;
    private final ReferenceRegistry registry;
    private final Runnable whenOneIsHere;

    /** @param whenOneIsHere is run for each cache of this root */
    CacheListing(DirectoryStorage storage, ReferenceRegistry registry, Runnable whenOneIsHere) {
        this.storage = storage;
        this.registry = registry;
        this.whenOneIsHere = whenOneIsHere;
    }

    /** Empty if there is no such cache, or it vanishes meanwhile. */
    Optional<CacheDescription> find(CacheId id) {
        try {
            return registry.find(id).map(standing -> describe(id, standing));
        } catch (CacheNotFoundException wipedMeanwhile) {
            return Optional.empty();
        }
    }

    private CacheDescription describe(CacheId id, ReferenceRegistry.Standing standing) {
        URI elsewhere = standing.elsewhere();
        if (elsewhere == null) {
            whenOneIsHere.run();
        }
        Map<String, Object> metadata = elsewhere == null ? storage.metadata(id) : Map.of();
        return new CacheDescription(
                id,
                elsewhere == null ? storage.location(id) : elsewhere,
                storage.name(),
                standing.locked(),
                standing.lockedUntil(),
                standing.owners(),
                Metadata.createdAt(id, metadata),
                Metadata.user(metadata));
    }

    /**
     * A page in the order of ids; shorter than the limit only if it is the last one.
     *
     * @throws IllegalArgumentException if the limit is not 1 to 1,000
     */
    List<CacheDescription> page(@Nullable CacheId after, int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + LARGEST_PAGE + ", not " + limit);
        }
        List<CacheDescription> page = new ArrayList<>();
        CacheId last = after;
        while (page.size() < limit) {
            List<CacheId> ids = registry.ids(last, limit);
            for (CacheId id : ids) {
                last = id;
                if (page.size() < limit) {
                    find(id).ifPresent(page::add);
                }
            }
            if (ids.size() < limit) {
                break;
            }
        }
        return List.copyOf(page);
    }
}
