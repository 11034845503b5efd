// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.IndexQuery;
import io.monolithcache.store.index.IndexedEntry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes entries that are too old, or were not read for too long. */
final class Expiry {

    private static final int PAGE = 500;
    private static final long LONGEST = Duration.ofMinutes(1).toMillis();
    private static final long SHORTEST = 100;
    private static final int LOOKS_IN_A_LIFE = 4;

    private final StoreParts parts;
    private final @Nullable Duration age;
    private final @Nullable Duration idle;

    Expiry(StoreParts parts, StoreLimits limits) {
        this.parts = parts;
        this.age = limits.age();
        this.idle = limits.idle();
    }

    /** From now on in the background, when there is anything to look for. */
    void start() {
        long shortest = Math.min(millis(age), millis(idle));
        if (shortest != Long.MAX_VALUE) {
            long interval = Math.max(SHORTEST, Math.min(LONGEST, shortest / LOOKS_IN_A_LIFE));
            parts.background.every(interval, () -> {
                EvictionReport unused = sweep();
            });
        }
    }

    private static long millis(@Nullable Duration limit) {
        return limit == null ? Long.MAX_VALUE : limit.toMillis();
    }

    boolean isTooOld(Instant createdAt) {
        return isTooOld(createdAt.toEpochMilli());
    }

    private boolean isTooOld(long createdAt) {
        return age != null && createdAt < before(age);
    }

    /** The entry as it is now. */
    boolean isTooOld(EntryHash hash) throws IOException {
        IndexedEntry entry = parts.scan.describe(hash);
        return entry != null && isTooOld(entry.createdAt());
    }

    private boolean isTooIdle(EntryHash hash) throws IOException {
        return idle != null
                && parts.catalog
                        .find(hash)
                        .map(entry -> entry.accessedAt() < before(idle))
                        .orElse(false);
    }

    private long before(Duration limit) {
        return parts.background.now() - limit.toMillis();
    }

    EvictionReport sweep() throws IOException {
        Report report = new Report(false);
        parts.catalog.flush();
        if (age != null) {
            IndexQuery old = new IndexQuery(null, null, before(age), Long.MAX_VALUE, false);
            sweep(old, EvictionCause.AGE, this::isTooOld, report);
        }
        if (idle != null) {
            IndexQuery unread = new IndexQuery(null, null, Long.MAX_VALUE, before(idle), false);
            sweep(unread, EvictionCause.IDLE, this::isTooIdle, report);
        }
        return report.end();
    }

    @FunctionalInterface
    private interface Check {
        boolean isToGo(EntryHash hash) throws IOException;
    }

    private void sweep(IndexQuery query, EvictionCause cause, Check check, Report report) throws IOException {
        EntryHash last = null;
        List<IndexedEntry> page;
        do {
            page = parts.catalog.page(query, last, PAGE);
            for (IndexedEntry entry : page) {
                last = entry.hash();
                report.tell(entry, parts.removal.evict(last, cause, () -> check.isToGo(entry.hash())));
            }
        } while (page.size() == PAGE);
    }
}
