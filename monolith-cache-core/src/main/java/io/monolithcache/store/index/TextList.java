// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A list of entries in memory, as it was at one moment. Never changed.
 *
 * @param completeAt see {@link EntryIndex#completeAt()}
 */
record TextList(NavigableMap<EntryHash, IndexedEntry> entries, long completeAt) {

    static final TextList EMPTY = new TextList(new TreeMap<>(), 0);

    /** The same after some changes. */
    TextList with(List<IndexChange> changes) {
        NavigableMap<EntryHash, IndexedEntry> changed = new TreeMap<>(entries);
        for (IndexChange change : changes) {
            EntryHash hash = change.hash();
            if (change instanceof IndexChange.Put added) {
                changed.merge(hash, added.entry(), (before, entry) -> entry.locked(before.locked()));
            } else if (change instanceof IndexChange.Remove) {
                changed.remove(hash);
            } else if (change instanceof IndexChange.Touch read) {
                changed.computeIfPresent(hash, (same, entry) -> entry.touched(read.at(), read.more()));
            } else if (change instanceof IndexChange.Lock locked) {
                changed.computeIfPresent(hash, (same, entry) -> entry.locked(locked.locked()));
            }
        }
        return new TextList(changed, completeAt);
    }

    IndexTotals totals() {
        long bytes = entries.values().stream().mapToLong(IndexedEntry::bytes).sum();
        return new IndexTotals(entries.size(), bytes);
    }
}
