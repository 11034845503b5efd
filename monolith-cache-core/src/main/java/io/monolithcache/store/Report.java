// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.IndexedEntry;
import java.util.ArrayList;
import java.util.List;

/** Counts what goes, or would. Of one thread. */
final class Report {

    private final boolean isDryRun;
    private final List<EntryDescription> first = new ArrayList<>();
    private long entries;
    private long bytes;
    private long kept;

    Report(boolean isDryRun) {
        this.isDryRun = isDryRun;
    }

    void tell(IndexedEntry entry, boolean isGone) {
        if (!isGone) {
            kept++;
            return;
        }
        entries++;
        bytes += entry.bytes();
        if (first.size() < EvictionReport.MOST_NAMED) {
            first.add(EntryDescription.of(entry));
        }
    }

    long entries() {
        return entries;
    }

    long bytes() {
        return bytes;
    }

    EvictionReport end() {
        return new EvictionReport(entries, bytes, kept, List.copyOf(first), isDryRun);
    }
}
