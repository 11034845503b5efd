// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.IndexQuery;
import io.monolithcache.store.index.IndexedEntry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What the index tells to people. What this process knows is written to it before. */
final class Listing {

    private static final int PAGE = 500;

    private final StoreParts parts;

    Listing(StoreParts parts) {
        this.parts = parts;
    }

    Stream<EntryDescription> entries(Store.Selection selection, @Nullable EntryHash after) {
        return listed(query(selection), after).map(EntryDescription::of).filter(selection.condition());
    }

    private static IndexQuery query(Store.Selection selection) {
        return new IndexQuery(
                selection.prefix().isEmpty() ? null : selection.prefix(),
                selection.tag().isEmpty() ? null : selection.tag(),
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                null);
    }

    private Stream<IndexedEntry> listed(IndexQuery query, @Nullable EntryHash after) {
        flush();
        Spliterator<IndexedEntry> pages = Spliterators.spliteratorUnknownSize(
                new Pages(query, after), Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL);
        return StreamSupport.stream(pages, false);
    }

    private void flush() {
        boolean unused = parts.run("list", "all entries", () -> {
            parts.catalog.flush();
            return true;
        });
    }

    Optional<EntryDescription> describe(EntryHash hash) {
        flush();
        return parts.run("describe", hash.toString(), () -> parts.catalog.find(hash))
                .map(EntryDescription::of);
    }

    EvictionReport evict(Store.Selection selection, boolean isDryRun) {
        Report report = new Report(isDryRun);
        listed(query(selection), null)
                .filter(entry -> selection.condition().test(EntryDescription.of(entry)))
                .forEach(entry -> report.tell(entry, isGone(entry.hash(), isDryRun)));
        return report.end();
    }

    /** Without a look at all the others. */
    EvictionReport evict(EntryHash hash, boolean isDryRun) throws IOException {
        parts.catalog.flush();
        Report report = new Report(isDryRun);
        Optional<IndexedEntry> known = parts.catalog.find(hash);
        if (known.isPresent()) {
            report.tell(known.get(), isGone(hash, isDryRun));
        }
        return report.end();
    }

    private boolean isGone(EntryHash hash, boolean isDryRun) {
        return parts.run(
                "evict",
                hash.toString(),
                () -> isDryRun
                        ? !parts.removal.isKept(hash)
                        : parts.removal.evict(hash, EvictionCause.REQUEST, () -> true));
    }

    EvictionReport wouldEvict(long bytes, StoreLimits limits, EvictionPolicy policy) {
        Report report = new Report(true);
        return parts.run("look at", "what would go", () -> {
            parts.catalog.flush();
            Usage now = parts.board.usage().plus(new Usage(parts.files.blocks(bytes), 1));
            int asked = PAGE;
            List<IndexedEntry> victims;
            int seen = 0;
            do {
                victims = parts.catalog.victims(policy.order(), asked);
                for (IndexedEntry victim : victims.subList(seen, victims.size())) {
                    Usage left = new Usage(now.bytes() - report.bytes(), now.entries() - report.entries());
                    if (limits.allow(left)) {
                        return report.end();
                    }
                    report.tell(victim, !parts.removal.isKept(victim.hash()));
                }
                seen = victims.size();
                asked *= 2;
            } while (victims.size() == asked / 2);
            return report.end();
        });
    }

    private final class Pages implements Iterator<IndexedEntry> {

        private final IndexQuery query;
        private final Queue<IndexedEntry> page = new ArrayDeque<>();
        private @Nullable EntryHash last;
        private boolean isLast;

        Pages(IndexQuery query, @Nullable EntryHash after) {
            this.query = query;
            this.last = after;
        }

        @Override
        public boolean hasNext() {
            if (page.isEmpty() && !isLast) {
                List<IndexedEntry> read = parts.run("list", "all entries", () -> parts.catalog.page(query, last, PAGE));
                isLast = read.size() < PAGE;
                page.addAll(read);
            }
            return !page.isEmpty();
        }

        @Override
        public IndexedEntry next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            IndexedEntry next = page.remove();
            last = next.hash();
            return next;
        }
    }
}
