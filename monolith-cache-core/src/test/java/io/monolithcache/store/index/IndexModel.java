// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Changes by chance, and what has to be listed after them. */
final class IndexModel {

    private static final List<String> TAGS = List.of("green", "hot", "a;b", "\\", "");
    private static final List<String> PREFIXES = List.of("", "/", "/1", "/%", "\uD83D\uDE00", "none");

    private final Map<EntryHash, IndexedEntry> entries = new TreeMap<>();
    private final Random random;

    IndexModel(long seed) {
        random = new Random(seed);
    }

    boolean happensOnceIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** A batch, which the model makes too. */
    List<IndexChange> changes() {
        List<IndexChange> changes = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            IndexChange change = change();
            changes.add(change);
            make(change);
        }
        return changes;
    }

    private IndexChange change() {
        String key = List.of("/", "/%", "\uD83D\uDE00", "\n").get(random.nextInt(4)) + random.nextInt(25);
        EntryHash hash = EntryHash.ofKey(key);
        return switch (random.nextInt(7)) {
            case 0 -> new IndexChange.Remove(hash);
            case 1, 2 -> new IndexChange.Touch(hash, time(), random.nextInt(3));
            case 3 -> new IndexChange.Lock(hash, random.nextBoolean());
            default ->
                new IndexChange.Put(new IndexedEntry(
                        hash, key, random.nextInt(9), random.nextInt(9), time(), time(), 0, happensOnceIn(8), tags()));
        };
    }

    /** One of few, so that many are equal. */
    private long time() {
        return Entries.NOW + random.nextInt(10);
    }

    private Set<String> tags() {
        return happensOnceIn(2) ? Set.of() : Set.copyOf(TAGS.subList(0, random.nextInt(TAGS.size()) + 1));
    }

    private void make(IndexChange change) {
        EntryHash hash = change.hash();
        if (change instanceof IndexChange.Put put) {
            entries.merge(hash, put.entry(), (before, entry) -> entry.locked(before.locked()));
        } else if (change instanceof IndexChange.Remove) {
            entries.remove(hash);
        } else if (change instanceof IndexChange.Touch touch) {
            entries.computeIfPresent(hash, (same, entry) -> entry.touched(touch.at(), touch.more()));
        } else if (change instanceof IndexChange.Lock lock) {
            entries.computeIfPresent(hash, (same, entry) -> entry.locked(lock.locked()));
        }
    }

    void compare(EntryIndex index, String when) throws IOException {
        assertThat(Entries.all(index)).as(when).containsExactlyElementsOf(entries.values());
        assertThat(index.totals())
                .as(when)
                .isEqualTo(new IndexTotals(
                        entries.size(),
                        entries.values().stream().mapToLong(IndexedEntry::bytes).sum()));
        IndexQuery query = query();
        assertThat(Entries.all(index, query, random.nextInt(10) + 1))
                .as("%s: %s", when, query)
                .containsExactlyElementsOf(
                        entries.values().stream().filter(query::selects).toList());
        int limit = random.nextInt(30) + 1;
        for (EvictionOrder order : EvictionOrder.values()) {
            assertThat(index.victims(order, limit))
                    .as("%s: %d by %s", when, limit, order)
                    .containsExactlyElementsOf(victims(order, limit));
        }
        int folder = random.nextInt(256);
        assertThat(index.folder(folder))
                .as("%s: folder %d", when, folder)
                .containsExactlyElementsOf(entries.keySet().stream()
                        .filter(hash -> hash.folder() == folder)
                        .toList());
    }

    private IndexQuery query() {
        return new IndexQuery(
                happensOnceIn(2) ? null : PREFIXES.get(random.nextInt(PREFIXES.size())),
                happensOnceIn(2) ? null : TAGS.get(random.nextInt(TAGS.size())),
                happensOnceIn(2) ? Long.MAX_VALUE : time(),
                happensOnceIn(2) ? Long.MAX_VALUE : time(),
                happensOnceIn(2) ? null : random.nextBoolean());
    }

    private List<IndexedEntry> victims(EvictionOrder order, int limit) {
        Comparator<IndexedEntry> read = Comparator.comparingLong(IndexedEntry::accessedAt);
        Comparator<IndexedEntry> first = switch (order) {
            case WRITTEN -> Comparator.comparingLong(IndexedEntry::createdAt);
            case READ -> read;
            case HITS -> Comparator.comparingLong(IndexedEntry::hits).thenComparing(read);
        };
        // sorting is stable, and the entries are in the order of hashes
        return entries.values().stream()
                .filter(entry -> !entry.locked())
                .sorted(first)
                .limit(limit)
                .toList();
    }
}
