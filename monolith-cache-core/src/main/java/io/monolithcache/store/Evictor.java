// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.IndexedEntry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room: asks the index what could go, looks again whether it still may, and removes it. One at a time over all
 * processes. What the index names is taken one after the other, without asking again for each; an entry that is read or
 * written meanwhile is passed over.
 */
final class Evictor {

    private static final Logger log = LoggerFactory.getLogger(Evictor.class);

    private static final int MOST_NAMED = 256;

    /** Of so many entries one is named at a time. */
    private static final int SHARE = 32;

    private final EvictionPolicy policy;
    private final Catalog catalog;
    private final Stripes stripes;
    private final Removal removal;
    private final Board board;
    private final @Nullable Admission admission;

    /** In order; guarded by the lock of evictions. */
    private final Deque<EntryHash> named = new ArrayDeque<>();

    /** Of those, the ones that nobody has used since. */
    private final Set<EntryHash> unread = ConcurrentHashMap.newKeySet();

    Evictor(
            EvictionPolicy policy,
            Catalog catalog,
            Board board,
            Stripes stripes,
            Removal removal,
            @Nullable Admission admission) {
        this.policy = policy;
        this.catalog = catalog;
        this.board = board;
        this.stripes = stripes;
        this.removal = removal;
        this.admission = admission;
    }

    /** Says what is missing yet. */
    @FunctionalInterface
    interface Lack {
        @Nullable EvictionCause of(long more) throws IOException;
    }

    /**
     * Removes entries until nothing is missing any more.
     *
     * @return whether anything went, or others have made room meanwhile
     */
    boolean makeRoom(EvictionCause first, long more, Lack lack) throws IOException {
        return stripes.evicting(() -> {
            boolean madeAny = lack.of(more) == null;
            Set<EntryHash> kept = new HashSet<>();
            for (EvictionCause cause = madeAny ? null : first; cause != null; cause = lack.of(more)) {
                EntryHash next = next(kept);
                if (next == null) {
                    return madeAny;
                }
                if (removal.evict(next, cause, () -> true)) {
                    madeAny = true;
                } else {
                    kept.add(next);
                }
            }
            return true;
        });
    }

    private @Nullable EntryHash next(Set<EntryHash> kept) throws IOException {
        EntryHash victim = nextNamed(kept);
        if (victim == null || admission == null) {
            return victim;
        }
        EntryHash chosen = admission.choose(victim, entries());
        if (!chosen.equals(victim)) {
            named.addFirst(victim);
            boolean unused = unread.add(victim);
        }
        return chosen;
    }

    private @Nullable EntryHash nextNamed(Set<EntryHash> kept) throws IOException {
        while (true) {
            EntryHash next = named.poll();
            if (next == null) {
                if (!ask(kept)) {
                    return null;
                }
            } else if (unread.remove(next)) {
                return next;
            }
        }
    }

    /** @return whether there is anything that was not tried */
    private boolean ask(Set<EntryHash> kept) throws IOException {
        unread.clear();
        flush();
        int limit = (int) Math.min(MOST_NAMED, 1 + entries() / SHARE) + kept.size();
        List<IndexedEntry> victims = catalog.victims(policy.order(), limit);
        for (IndexedEntry victim : victims) {
            if (!kept.contains(victim.hash())) {
                named.add(victim.hash());
                unread.add(victim.hash());
            }
        }
        return !named.isEmpty();
    }

    private void flush() {
        try {
            catalog.flush();
        } catch (IOException full) {
            // most likely it is the disk, and this is to help
            log.debug("What the index does not know yet cannot be named", full);
        }
    }

    private long entries() {
        return board.usage().entries();
    }

    /** Somebody wants an entry, whether it is there or not. */
    void asked(EntryHash hash) {
        if (admission != null) {
            admission.asked(hash);
        }
    }

    /** An entry was read. */
    void read(EntryHash hash) {
        if (policy.heedsReads()) {
            boolean unused = unread.remove(hash);
        }
    }

    /** An entry was written. */
    void written(EntryHash hash, boolean isNew) {
        boolean unused = unread.remove(hash);
        if (admission != null && isNew) {
            admission.entered(hash, entries());
        }
    }
}
