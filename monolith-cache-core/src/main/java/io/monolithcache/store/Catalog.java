// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.EntryIndex;
import io.monolithcache.store.index.EvictionOrder;
import io.monolithcache.store.index.IndexChange;
import io.monolithcache.store.index.IndexQuery;
import io.monolithcache.store.index.IndexTotals;
import io.monolithcache.store.index.IndexedEntry;
import io.monolithcache.store.index.UnusableIndexException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of the entries, which lags: what is changed is noted in memory and written behind, in batches. Since when
 * there is something that was not written is on the board, so that whoever finds this process dead looks at the folders
 * that were changed since then. A list that is lost is made anew from the entries, while the store goes on.
 */
final class Catalog implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Catalog.class);

    private static final int BATCH = 4_096;

    /** Times of folders come from a clock that ticks slowly. */
    private static final long CLOCK_SLACK = 2_000;

    private static final long SAY_COMPLETE_EVERY = 10_000;

    private final StoreLayout layout;
    private final EntryIndex.Format format;
    private final EntryScan scan;
    private final Background background;
    private final ReentrantLock writing = new ReentrantLock();
    private final Queue<IndexChange> changes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger changing = new AtomicInteger();
    private final Map<EntryHash, Touch> touches = new ConcurrentHashMap<>();

    /** What could not be written, and is tried first; guarded by the lock. */
    private List<IndexChange> batch = new ArrayList<>();

    private long saidComplete;
    private volatile EntryIndex index;
    private volatile boolean isIncomplete;
    private volatile @Nullable Board board;

    private record Touch(long at, long more) {

        Touch plus(Touch other) {
            return new Touch(Math.max(at, other.at), more + other.more);
        }
    }

    Catalog(StoreLayout layout, EntryIndex.Format format, EntryScan scan, Background background) throws IOException {
        this.layout = layout;
        this.format = format;
        this.scan = scan;
        this.background = background;
        this.index = openOrBegin();
    }

    /** From now on this process is on the board. */
    void start(Board joined) {
        board = joined;
        if (isIncomplete) {
            background.soon(this::completeAll);
        }
    }

    private EntryIndex openOrBegin() throws IOException {
        try {
            EntryIndex opened = format.open(layout.index());
            isIncomplete = opened.completeAt() == 0;
            return opened;
        } catch (UnusableIndexException unusable) {
            log.warn(
                    "The index of the store {} is made anew from its entries: {}",
                    layout.base(),
                    unusable.getMessage());
            format.delete(layout.index());
            isIncomplete = true;
            return format.open(layout.index());
        }
    }

    /** As the times of folders, whatever the clock of the entries says. */
    private static long now() {
        return System.currentTimeMillis();
    }

    /** Whether the list may lack entries that are not new. */
    boolean isIncomplete() {
        return isIncomplete;
    }

    /** Something will be noted, after the disk was changed; to be followed by {@link #changed}. */
    void changing() {
        int unused = changing.incrementAndGet();
        Board joined = board;
        if (joined != null && joined.own().dirtySince() == 0) {
            joined.own().setDirtySince(now());
        }
    }

    /** What was to be noted is noted. */
    void changed() {
        int unused = changing.decrementAndGet();
        background.flushSoon(this::flush);
    }

    void stored(IndexedEntry entry) {
        boolean unused = changes.add(new IndexChange.Put(entry));
    }

    void removed(EntryHash hash) {
        boolean unused = changes.add(new IndexChange.Remove(hash));
    }

    void locked(EntryHash hash, boolean isLocked) {
        boolean unused = changes.add(new IndexChange.Lock(hash, isLocked));
    }

    void touched(EntryHash hash) {
        Touch unused = touches.merge(hash, new Touch(background.now(), 1), Touch::plus);
        background.flushSoon(this::flush);
    }

    /** About how much is not written yet. */
    long unwritten() {
        return changes.size() + (long) touches.size();
    }

    /**
     * Writes all that was noted before.
     *
     * @throws IOException if the disk does not take it; it is kept
     */
    void flush() throws IOException {
        writing.lock();
        try {
            writeBatch();
            while (fillBatch()) {
                writeBatch();
            }
            settle();
        } finally {
            writing.unlock();
        }
    }

    /** @return whether there is anything */
    private boolean fillBatch() {
        for (IndexChange next = changes.poll(); next != null; next = batch.size() < BATCH ? changes.poll() : null) {
            batch.add(next instanceof IndexChange.Remove ? unlessStoredAgain(next.hash()) : next);
        }
        if (batch.size() < BATCH) {
            for (EntryHash hash : List.copyOf(touches.keySet())) {
                Touch touch = touches.remove(hash);
                if (touch != null) {
                    batch.add(new IndexChange.Touch(hash, touch.at(), touch.more()));
                }
            }
        }
        return !batch.isEmpty();
    }

    /** Another process may have stored it again, and have told so before. */
    private IndexChange unlessStoredAgain(EntryHash hash) {
        return scan.isGone(hash) ? new IndexChange.Remove(hash) : new IndexChange.Lock(hash, scan.isLocked(hash));
    }

    private void writeBatch() throws IOException {
        if (!batch.isEmpty()) {
            boolean unused = ask(asked -> {
                asked.apply(batch);
                return true;
            });
            batch = new ArrayList<>();
        }
    }

    private void settle() throws IOException {
        Board joined = board;
        if (joined == null) {
            return;
        }
        Slot own = joined.own();
        long since = own.dirtySince();
        if (since != 0 && isQuiet()) {
            own.setDirtySince(0);
            if (!isQuiet()) {
                // somebody began before, and has not seen that
                own.setDirtySince(since);
            }
        }
        long now = now();
        if (!isIncomplete && now - saidComplete > SAY_COMPLETE_EVERY) {
            sayComplete(joined.dirtySince(now));
            saidComplete = now;
        }
    }

    private boolean isQuiet() {
        return changing.get() == 0 && changes.isEmpty();
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask(EntryIndex index) throws IOException;
    }

    /** An index that cannot be used may have been replaced by another process, or is begun anew. */
    private <T> T ask(Question<T> question) throws IOException {
        EntryIndex asked = index;
        try {
            return question.ask(asked);
        } catch (UnusableIndexException unusable) {
            writing.lock();
            try {
                if (index.equals(asked)) {
                    reopen(unusable, false);
                }
                return question.ask(index);
            } catch (UnusableIndexException again) {
                reopen(again, true);
                return question.ask(index);
            } finally {
                writing.unlock();
            }
        }
    }

    private void reopen(UnusableIndexException unusable, boolean isToDelete) throws IOException {
        log.warn("The index of the store {} is opened anew: {}", layout.base(), unusable.getMessage());
        try {
            index.close();
        } catch (IOException corrupt) {
            log.debug("The index could not be closed", corrupt);
        }
        if (isToDelete) {
            format.delete(layout.index());
        }
        index = openOrBegin();
        if (isIncomplete) {
            background.soon(this::completeAll);
        }
    }

    /** What could go first, of what is listed; anything, if there is something and nothing is listed. */
    List<IndexedEntry> victims(EvictionOrder order, int limit) throws IOException {
        try {
            List<IndexedEntry> listed = ask(asked -> asked.victims(order, limit));
            return listed.isEmpty() ? scan.some(limit) : listed;
        } catch (IOException full) {
            // to put entries in an order takes space too, and most likely there is none
            log.debug("The index names nothing", full);
            return scan.some(limit);
        }
    }

    List<IndexedEntry> page(IndexQuery query, @Nullable EntryHash after, int limit) throws IOException {
        return ask(asked -> asked.page(query, after, limit));
    }

    Optional<IndexedEntry> find(EntryHash hash) throws IOException {
        return ask(asked -> asked.find(hash));
    }

    IndexTotals totals() throws IOException {
        return ask(EntryIndex::totals);
    }

    /** Lists what is there, and nothing else. */
    void completeAll() throws IOException {
        long start = now();
        complete(0);
        sayComplete(start);
        log.info("The index of the store {} is complete: {} entries", layout.base(), totals().entries());
    }

    private void sayComplete(long time) throws IOException {
        isIncomplete = false;
        boolean unused = ask(asked -> {
            asked.completeAt(time);
            return true;
        });
    }

    /** Looks at what was changed since the list was complete for the last time. */
    void completeRecent() throws IOException {
        complete(ask(EntryIndex::completeAt));
    }

    /** Looks at the folders that were changed since then. */
    void complete(long since) throws IOException {
        for (int number = 0; number < StoreLayout.FOLDERS; number++) {
            if (scan.changedAt(number) >= since - CLOCK_SLACK) {
                completeFolder(number, since);
            }
        }
    }

    private void completeFolder(int number, long since) throws IOException {
        Set<EntryHash> unlisted = new HashSet<>(scan.folder(number));
        List<IndexChange> found = new ArrayList<>();
        for (EntryHash listed : ask(asked -> asked.folder(number))) {
            boolean isThere = unlisted.contains(listed);
            if (!isThere && scan.isGone(listed)) {
                found.add(new IndexChange.Remove(listed));
            } else if (isThere && scan.changedAt(listed) < since - CLOCK_SLACK) {
                boolean unused = unlisted.remove(listed);
            }
        }
        for (EntryHash hash : unlisted) {
            IndexedEntry entry = scan.describe(hash);
            if (entry != null && !isListed(entry)) {
                found.add(new IndexChange.Put(entry));
                found.add(new IndexChange.Lock(hash, entry.locked()));
            }
        }
        if (!found.isEmpty()) {
            boolean unused = ask(asked -> {
                asked.apply(found);
                return true;
            });
        }
    }

    /** As it is; how often it was read is known to the list alone. */
    private boolean isListed(IndexedEntry entry) throws IOException {
        return find(entry.hash())
                .map(listed -> listed.touched(0, -listed.hits()).equals(entry.touched(listed.accessedAt(), 0)))
                .orElse(false);
    }

    @Override
    public void close() throws IOException {
        writing.lock();
        try {
            flush();
            Board joined = board;
            if (!isIncomplete && joined != null) {
                sayComplete(joined.dirtySince(now()));
            }
        } finally {
            writing.unlock();
            index.close();
        }
    }
}
