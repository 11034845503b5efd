// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Entries to list, and lists of them. */
final class Entries {

    static final long NOW = 1_790_000_000_000L;

    private Entries() {}

    static IndexedEntry entry(String key, String... tags) {
        return new IndexedEntry(EntryHash.ofKey(key), key, 3, 4096, NOW, NOW, 0, false, Set.of(tags));
    }

    static IndexedEntry entry(String key, long createdAt, long accessedAt, long hits) {
        return new IndexedEntry(EntryHash.ofKey(key), key, 3, 4096, createdAt, accessedAt, hits, false, Set.of());
    }

    static List<IndexChange> puts(IndexedEntry... entries) {
        List<IndexChange> changes = new ArrayList<>();
        for (IndexedEntry entry : entries) {
            changes.add(new IndexChange.Put(entry));
        }
        return changes;
    }

    static IndexQuery withPrefix(String prefix) {
        return new IndexQuery(prefix, null, Long.MAX_VALUE, Long.MAX_VALUE, null);
    }

    static IndexQuery withTag(String tag) {
        return new IndexQuery(null, tag, Long.MAX_VALUE, Long.MAX_VALUE, null);
    }

    /** All that is selected, page by page. */
    static List<IndexedEntry> all(EntryIndex index, IndexQuery query, int limit) throws IOException {
        List<IndexedEntry> all = new ArrayList<>();
        @Nullable EntryHash after = null;
        List<IndexedEntry> page;
        do {
            page = index.page(query, after, limit);
            all.addAll(page);
            after = page.isEmpty() ? null : page.get(page.size() - 1).hash();
        } while (after != null);
        return all;
    }

    static List<IndexedEntry> all(EntryIndex index) throws IOException {
        return all(index, IndexQuery.ALL, 100);
    }

    static List<String> keys(List<IndexedEntry> entries) {
        return entries.stream().map(IndexedEntry::key).toList();
    }

    /** Asks everything that can be asked. */
    static void askAll(EntryIndex index) throws IOException {
        for (IndexedEntry entry : all(index)) {
            index.find(entry.hash());
        }
        all(index, withTag("green"), 100);
        all(index, withPrefix("/"), 100);
        for (int folder = 0; folder < 256; folder++) {
            index.folder(folder);
        }
        for (EvictionOrder order : EvictionOrder.values()) {
            index.victims(order, 100);
        }
        index.totals();
        index.completeAt();
    }
}
