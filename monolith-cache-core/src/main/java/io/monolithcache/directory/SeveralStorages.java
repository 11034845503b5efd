// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Managers of one storage each, side by side as one manager. An id does not say where its cache is, so they are asked
 * one after the other, those first that hold it, and then the local disk; ids are unique, so the first that knows one
 * is right. What one of them could not answer is not taken for a no.
 */
final class SeveralStorages implements CacheManager {

    private final List<DefaultCacheManager> opened;
    private final Map<String, DefaultCacheManager> managers = new LinkedHashMap<>();

    /**
     * @param opened in the order in which they were opened: what a storage has on the local disk is the local one's
     * @param main where new directories live
     */
    SeveralStorages(List<DefaultCacheManager> opened, String main) {
        this.opened = List.copyOf(opened);
        opened.stream()
                .sorted(Comparator.comparing(manager -> !manager.storages().contains(main)))
                .forEachOrdered(manager -> managers.put(manager.storages().get(0), manager));
    }

    private Collection<DefaultCacheManager> all() {
        return managers.values();
    }

    private DefaultCacheManager of(String storage) {
        DefaultCacheManager manager = managers.get(storage);
        if (manager == null) {
            throw new IllegalArgumentException("This manager keeps directories in '"
                    + String.join("' and '", storages()) + "', not in '" + storage + "'");
        }
        return manager;
    }

    private DefaultCacheManager main() {
        return all().iterator().next();
    }

    @Override
    public CacheDirectory create() {
        return main().create();
    }

    @Override
    public CacheDirectory create(CacheOptions options) {
        String wanted = options.storage();
        return (wanted == null ? main() : of(wanted)).create(options);
    }

    /** @throws CacheNotFoundException if none of them has the cache, and each could tell */
    private <T> T where(CacheId id, Function<CacheManager, T> operation) {
        CacheException refused = null;
        for (CacheManager manager : holdersFirst(id)) {
            try {
                return operation.apply(manager);
            } catch (CacheNotFoundException elsewhere) {
                refused = refused == null ? elsewhere : refused;
            } catch (CacheBackendException unknown) {
                if (refused instanceof CacheBackendException another) {
                    another.addSuppressed(unknown);
                } else {
                    refused = unknown;
                }
            }
        }
        throw Objects.requireNonNull(refused);
    }

    /** Then the local disk, which answers at once, and whether or not the others can be reached. */
    private List<DefaultCacheManager> holdersFirst(CacheId id) {
        return opened.stream()
                .sorted(Comparator.comparing(manager -> !manager.holds(id)))
                .toList();
    }

    private void doWhere(CacheId id, Consumer<CacheManager> operation) {
        boolean unused = where(id, manager -> {
            operation.accept(manager);
            return true;
        });
    }

    @Override
    public CacheDirectory attach(CacheId id) {
        return where(id, manager -> manager.attach(id));
    }

    @Override
    public CacheDirectory attach(URI location) {
        return ofLocation(manager -> manager.attach(location));
    }

    @Override
    public CacheDirectory attach(Path path) {
        return ofLocation(manager -> manager.attach(path));
    }

    /** @throws IllegalArgumentException of the first, if the location is in none of them */
    private CacheDirectory ofLocation(Function<CacheManager, CacheDirectory> operation) {
        IllegalArgumentException refused = null;
        for (CacheManager manager : all()) {
            try {
                return operation.apply(manager);
            } catch (IllegalArgumentException outside) {
                if (refused == null) {
                    refused = outside;
                } else {
                    refused.addSuppressed(outside);
                }
            }
        }
        throw Objects.requireNonNull(refused);
    }

    @Override
    public Optional<CacheDescription> find(CacheId id) {
        CacheBackendException unknown = null;
        for (DefaultCacheManager manager : holdersFirst(id)) {
            try {
                Optional<CacheDescription> found = manager.find(id).filter(cache -> isIn(manager, cache));
                if (found.isPresent()) {
                    return found;
                }
            } catch (CacheBackendException failure) {
                unknown = failure;
            }
        }
        if (unknown != null) {
            throw unknown;
        }
        return Optional.empty();
    }

    /** A registry that keeps several roots knows also those of the other storages. */
    private static boolean isIn(DefaultCacheManager manager, CacheDescription cache) {
        return manager.storages().contains(cache.storage());
    }

    @Override
    public Stream<CacheDescription> list() {
        Stream<CacheDescription> all = Stream.empty();
        for (DefaultCacheManager manager : all()) {
            all = Stream.concat(all, manager.list().filter(cache -> isIn(manager, cache)));
        }
        return all;
    }

    @Override
    public List<CacheDescription> list(@Nullable CacheId after, int limit) {
        List<CacheDescription> page = new ArrayList<>();
        CacheId from = after;
        do {
            List<CacheDescription> found = new ArrayList<>();
            // up to which all of them have been listed
            CacheId end = null;
            for (DefaultCacheManager manager : all()) {
                List<CacheDescription> own = manager.list(from, limit);
                own.stream().filter(cache -> isIn(manager, cache)).forEach(found::add);
                if (own.size() == limit) {
                    CacheId last = own.get(limit - 1).id();
                    end = end == null || last.compareTo(end) < 0 ? last : end;
                }
            }
            CacheId known = end;
            found.stream()
                    .filter(cache -> known == null || cache.id().compareTo(known) <= 0)
                    .sorted(Comparator.comparing(CacheDescription::id))
                    .limit(limit - page.size())
                    .forEachOrdered(page::add);
            from = end;
        } while (from != null && page.size() < limit);
        return List.copyOf(page);
    }

    @Override
    public CacheUsage usage(CacheId id) {
        return where(id, manager -> manager.usage(id));
    }

    @Override
    public int held() {
        return all().stream().mapToInt(CacheManager::held).sum();
    }

    @Override
    public List<String> storages() {
        return List.copyOf(managers.keySet());
    }

    @Override
    public StorageStatus status(String storage) {
        return of(storage).status(storage);
    }

    @Override
    public RegistryStatus registryStatus(String storage) {
        return of(storage).registryStatus(storage);
    }

    @Override
    public void lock(CacheId id) {
        doWhere(id, manager -> manager.lock(id));
    }

    @Override
    public void lock(CacheId id, Duration atMost) {
        doWhere(id, manager -> manager.lock(id, atMost));
    }

    @Override
    public boolean unlock(CacheId id) {
        return where(id, manager -> manager.unlock(id));
    }

    @Override
    public void evict(CacheId id) {
        doWhere(id, manager -> manager.evict(id));
    }

    @Override
    public void evictForcibly(CacheId id) {
        doWhere(id, manager -> manager.evictForcibly(id));
    }

    /** One that fails does not keep the others from being swept. */
    @Override
    public SweepReport sweep() {
        SweepReport all = null;
        CacheBackendException failure = null;
        for (CacheManager manager : all()) {
            try {
                SweepReport report = manager.sweep();
                all = all == null ? report : all.and(report);
            } catch (CacheBackendException failed) {
                if (failure != null) {
                    failed.addSuppressed(failure);
                }
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(all);
    }

    @Override
    public void close() {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }
}
