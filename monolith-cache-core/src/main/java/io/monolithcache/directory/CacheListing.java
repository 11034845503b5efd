// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
        return registry.find(id).flatMap(standing -> describe(id, standing));
    }

    /** Empty if it has vanished since it was found. */
    Optional<CacheDescription> describe(ReferenceRegistry.Found found) {
        return describe(found.id(), found.standing());
    }

    private Optional<CacheDescription> describe(CacheId id, ReferenceRegistry.Standing standing) {
        try {
            return Optional.of(descriptionOf(id, standing));
        } catch (CacheNotFoundException wipedMeanwhile) {
            return Optional.empty();
        }
    }

    private CacheDescription descriptionOf(CacheId id, ReferenceRegistry.Standing standing) {
        URI elsewhere = standing.elsewhere();
        if (elsewhere == null) {
            whenOneIsHere.run();
        }
        Map<String, Object> metadata = standing.metadata();
        if (metadata == null) {
            metadata = elsewhere == null ? storage.metadata(id) : Map.of();
        }
        return new CacheDescription(
                id,
                elsewhere == null ? storage.location(id) : elsewhere,
                elsewhere == null ? storage.name() : storageOf(elsewhere),
                standing.locked(),
                standing.lockedUntil(),
                standing.owners(),
                Metadata.createdAt(id, metadata),
                Metadata.user(metadata));
    }

    private static String storageOf(URI location) {
        return "file".equals(location.getScheme()) ? "local" : String.valueOf(location.getScheme());
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
        List<CacheId> ids = registry.ids(after, limit);
        while (!ids.isEmpty()) {
            try (Stream<ReferenceRegistry.Found> found = registry.find(ids.stream())) {
                found.map(this::describe)
                        .flatMap(Optional::stream)
                        .limit(limit - page.size())
                        .forEachOrdered(page::add);
            }
            boolean complete = page.size() == limit || ids.size() < limit;
            ids = complete ? List.of() : registry.ids(ids.get(ids.size() - 1), limit);
        }
        return List.copyOf(page);
    }
}
