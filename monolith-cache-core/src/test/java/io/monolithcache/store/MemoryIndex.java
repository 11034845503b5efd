// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.EntryIndex;
import io.monolithcache.store.index.EvictionOrder;
import io.monolithcache.store.index.IndexChange;
import io.monolithcache.store.index.IndexQuery;
import io.monolithcache.store.index.IndexTotals;
import io.monolithcache.store.index.IndexedEntry;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** As plain as an index can be, for tests of what a store makes of it; the stores of this process share it. */
public final class MemoryIndex implements EntryIndex {

    private static final Map<Path, MemoryIndex> ALL = new ConcurrentHashMap<>();

    public static final Format FORMAT = new Format() {
        @Override
        public EntryIndex open(Path folder) {
            return ALL.computeIfAbsent(folder, unused -> new MemoryIndex());
        }

        @Override
        public void delete(Path folder) {
            MemoryIndex unused = ALL.remove(folder);
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public String name() {
            return "memory";
        }
    };

    private final TreeMap<EntryHash, IndexedEntry> entries = new TreeMap<>();
    private long completeAt;

    @Override
    public synchronized void apply(List<IndexChange> changes) {
        for (IndexChange change : changes) {
            IndexedEntry before = entries.get(change.hash());
            if (change instanceof IndexChange.Put put) {
                entries.put(
                        put.hash(), before == null ? put.entry() : put.entry().locked(before.locked()));
            } else if (change instanceof IndexChange.Remove) {
                entries.remove(change.hash());
            } else if (before != null && change instanceof IndexChange.Touch touch) {
                entries.put(touch.hash(), before.touched(touch.at(), touch.more()));
            } else if (before != null && change instanceof IndexChange.Lock lock) {
                entries.put(lock.hash(), before.locked(lock.locked()));
            }
        }
    }

    @Override
    public synchronized Optional<IndexedEntry> find(EntryHash hash) {
        return Optional.ofNullable(entries.get(hash));
    }

    @Override
    public synchronized List<IndexedEntry> page(IndexQuery query, @Nullable EntryHash after, int limit) {
        return (after == null ? entries : entries.tailMap(after, false))
                .values().stream().filter(query::selects).limit(limit).toList();
    }

    @Override
    public synchronized List<IndexedEntry> victims(EvictionOrder order, int limit) {
        Comparator<IndexedEntry> first = switch (order) {
            case WRITTEN -> Comparator.comparingLong(IndexedEntry::createdAt);
            case READ -> Comparator.comparingLong(IndexedEntry::accessedAt);
            case HITS -> Comparator.comparingLong(IndexedEntry::hits).thenComparingLong(IndexedEntry::accessedAt);
        };
        return entries.values().stream()
                .filter(entry -> !entry.locked())
                .sorted(first.thenComparing(IndexedEntry::hash))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<EntryHash> folder(int number) {
        return entries.keySet().stream().filter(hash -> hash.folder() == number).toList();
    }

    @Override
    public synchronized IndexTotals totals() {
        return new IndexTotals(
                entries.size(),
                entries.values().stream().mapToLong(IndexedEntry::bytes).sum());
    }

    @Override
    public synchronized long completeAt() {
        return completeAt;
    }

    @Override
    public synchronized void completeAt(long time) {
        completeAt = time;
    }

    @Override
    public void close() {}
}
