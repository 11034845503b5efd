// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.store.Store.Selection;
import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.SqliteIndex;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator asks of a store: some of its entries, and one by its name. */
class SelectedEntriesTests {

    private static final String ABSENT = "0".repeat(64);

    private Store store;

    @BeforeEach
    void open(@TempDir Path folder) {
        store = Store.in(folder.resolve("store")).index(SqliteIndex.FORMAT).open();
        store.put("a/1", Content.of(new byte[1]), Set.of("red"));
        store.put("a/2", Content.of(new byte[1]), Set.of("blue"));
        store.put("b/1", Content.of(new byte[1]), Set.of("red"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static String hash(String key) {
        return EntryHash.ofKey(key).toString();
    }

    @Test
    void someAreListedByPrefixTagAndCondition() {
        assertThat(store.entries(Selection.prefix("a/"), null))
                .extracting(EntryDescription::key)
                .containsExactlyInAnyOrder("a/1", "a/2");
        assertThat(store.entries(new Selection("a/", "red", entry -> true), null))
                .extracting(EntryDescription::key)
                .containsExactly("a/1");
        assertThat(store.entries(new Selection("", "", entry -> entry.key().endsWith("2")), null))
                .extracting(EntryDescription::key)
                .containsExactly("a/2");
    }

    @Test
    void someAreListedAfterAHash() {
        List<String> hashes = store.entries(Selection.tag("red"), null)
                .map(EntryDescription::hash)
                .toList();

        assertThat(hashes).hasSize(2).isSorted();
        assertThat(store.entries(Selection.tag("red"), hashes.get(0)))
                .extracting(EntryDescription::hash)
                .containsExactly(hashes.get(1));
    }

    @Test
    void oneIsEvictedByItsHash() {
        EvictionReport would = store.evict(hash("a/1"), true);
        assertThat(would.entries()).isEqualTo(1);
        assertThat(store.contains("a/1")).isTrue();

        EvictionReport report = store.evict(hash("a/1"), false);

        assertThat(report.first()).extracting(EntryDescription::key).containsExactly("a/1");
        assertThat(store.contains("a/1")).isFalse();
        assertThat(store.status().entries()).isEqualTo(2);
    }

    @Test
    void oneThatIsLockedIsKept() {
        store.lock("a/1");

        assertThat(store.evict(hash("a/1"), true).kept()).isEqualTo(1);
        EvictionReport report = store.evict(hash("a/1"), false);

        assertThat(report.kept()).isEqualTo(1);
        assertThat(report.entries()).isZero();
        assertThat(store.contains("a/1")).isTrue();
    }

    @Test
    void ofOneThatIsNotThereNothingIsReported() {
        EvictionReport report = store.evict(ABSENT, false);

        assertThat(report.entries()).isZero();
        assertThat(report.kept()).isZero();
    }
}
