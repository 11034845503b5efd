// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import io.monolithcache.directory.CacheId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The model: what each operation should answer, and what there should be afterwards. An answer is {@code ok}, with a
 * value after it where there is one, or the name of an exception.
 */
final class Expected {

    static final String OK = "ok";
    static final String NOT_FOUND = "CacheNotFoundException";
    static final String LOST = "CacheLostException";
    static final String IN_USE = "CacheInUseException";
    static final String CLOSED = "IllegalStateException";

    /** What one manager knows of one cache that it holds. */
    private static final class Holding {
        int handles;
        boolean lost;
    }

    /** A handle, by the manager that gave it. */
    static final class Handle {
        final int manager;
        final CacheId id;
        private boolean closed;

        Handle(int manager, CacheId id) {
            this.manager = manager;
            this.id = id;
        }
    }

    final Map<CacheId, ExpectedCache> caches = new LinkedHashMap<>();

    /** Directories without anything behind them. */
    final Set<CacheId> halfWiped = new TreeSet<>();

    /** References without a directory, by the name of the owner. */
    final Map<CacheId, String> halfCreated = new HashMap<>();

    /** Owners that died and left their file. */
    final Set<String> deadOwners = new TreeSet<>();

    final List<CacheId> wiped = new ArrayList<>();
    final List<String> lost = new ArrayList<>();

    private final Map<Integer, Map<CacheId, Holding>> holdings = new HashMap<>();

    Collection<ExpectedCache> existing() {
        return caches.values().stream().filter(cache -> cache.exists).toList();
    }

    private Map<CacheId, Holding> holdings(int manager) {
        return holdings.computeIfAbsent(manager, number -> new HashMap<>());
    }

    ExpectedCache created(int manager, CacheId id) {
        ExpectedCache cache = new ExpectedCache(id);
        caches.put(id, cache);
        hold(manager, cache);
        return cache;
    }

    private void hold(int manager, ExpectedCache cache) {
        cache.holders.add(manager);
        holdings(manager).computeIfAbsent(cache.id, id -> new Holding()).handles++;
    }

    /** A manager that holds the cache does not look: it may not have heard yet that it was evicted by force. */
    String attach(int manager, CacheId id) {
        Holding holding = holdings(manager).get(id);
        if (holding != null) {
            if (holding.lost) {
                return NOT_FOUND;
            }
            holding.handles++;
            return OK;
        }
        return ifThere(id, cache -> {
            hold(manager, cache);
            return OK;
        });
    }

    void close(Handle handle) {
        if (handle.closed) {
            return;
        }
        handle.closed = true;
        Holding holding = holdings(handle.manager).get(handle.id);
        if (holding != null && --holding.handles == 0) {
            release(handle.manager, handle.id, holding);
        }
    }

    private void release(int manager, CacheId id, Holding holding) {
        holdings(manager).remove(id);
        ExpectedCache cache = cache(id);
        if (cache.holders.remove(manager)) {
            drop(cache);
        } else {
            learn(manager, id, holding);
        }
    }

    void closeManager(int manager) {
        Map.copyOf(holdings(manager)).forEach((id, holding) -> release(manager, id, holding));
        holdings.remove(manager);
    }

    private void learn(int manager, CacheId id, Holding holding) {
        if (!holding.lost) {
            holding.lost = true;
            lost.add(manager + " " + id);
        }
    }

    /** Whether nobody needed it any more. */
    private boolean drop(ExpectedCache cache) {
        if (!cache.exists || cache.isNeeded()) {
            return false;
        }
        cache.exists = false;
        wiped.add(cache.id);
        return true;
    }

    /** An operation through a handle. */
    String through(Handle handle, Supplier<String> operation) {
        Holding holding = holdings(handle.manager).get(handle.id);
        if (handle.closed || holding == null) {
            return CLOSED;
        }
        if (!holding.lost && cache(handle.id).holders.contains(handle.manager)) {
            return operation.get();
        }
        learn(handle.manager, handle.id, holding);
        return LOST;
    }

    boolean isUsable(Handle handle) {
        return !handle.closed
                && holdings(handle.manager).containsKey(handle.id)
                && cache(handle.id).holders.contains(handle.manager);
    }

    ExpectedCache cache(CacheId id) {
        ExpectedCache cache = caches.get(id);
        if (cache == null) {
            throw new IllegalStateException("The model knows no cache " + id);
        }
        return cache;
    }

    interface Change {
        String to(ExpectedCache cache);
    }

    String ifThere(CacheId id, Change change) {
        ExpectedCache cache = caches.get(id);
        return cache == null || !cache.exists ? NOT_FOUND : change.to(cache);
    }

    String lock(CacheId id, long until) {
        return ifThere(id, cache -> {
            cache.lock(until);
            return OK;
        });
    }

    String unlock(CacheId id) {
        return ifThere(id, cache -> {
            cache.locks.clear();
            return OK + " " + drop(cache);
        });
    }

    String evict(CacheId id) {
        return ifThere(id, cache -> {
            if (!cache.holders.isEmpty()) {
                return IN_USE;
            }
            cache.deadReferences.clear();
            cache.locks.clear();
            drop(cache);
            return OK;
        });
    }

    String evictForcibly(int manager, CacheId id) {
        return ifThere(id, cache -> {
            cache.exists = false;
            cache.holders.clear();
            cache.deadReferences.clear();
            cache.locks.clear();
            wiped.add(id);
            Holding own = holdings(manager).get(id);
            if (own != null) {
                learn(manager, id, own);
            }
            return OK;
        });
    }

    /** Answers with the numbers of the report. */
    String sweep(int manager, long now) {
        int references = 0;
        int locks = 0;
        int directories = halfWiped.size();
        for (ExpectedCache cache : existing()) {
            references += cache.deadReferences.size();
            cache.deadReferences.clear();
            int before = cache.locks.size();
            cache.locks.removeIf(until -> until <= now);
            locks += before - cache.locks.size();
            directories += drop(cache) ? 1 : 0;
        }
        references += halfCreated.size();
        int owners = deadOwners.size();
        deadOwners.clear();
        halfCreated.clear();
        wiped.addAll(halfWiped);
        halfWiped.clear();
        holdings(manager).forEach((id, holding) -> {
            if (!cache(id).holders.contains(manager)) {
                learn(manager, id, holding);
            }
        });
        return report(owners, references, locks, directories);
    }

    static String report(int owners, int references, int locks, int directories) {
        return OK + " " + owners + " dead owners, " + references + " references, " + locks + " locks, " + directories
                + " directories";
    }
}
