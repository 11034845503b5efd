// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.owner.OwnerName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes caches vanish whose hashes say {@code wiping}. The mark comes before the last question, so that whoever
 * attaches or recovers after that question sees it; and all of it happens over the connection over which it was
 * decided, and in the same epoch, or not at all.
 *
 * <p>A mark is that of one run: others may have asked already, and rely on theirs. Whatever keeps a run from the
 * rename, it takes its own marks away: else nobody could attach to what is kept by a lock, and only a holder knows that
 * a mark is nobody's any more.
 */
final class RedisWipe {

    private static final Logger log = LoggerFactory.getLogger(RedisWipe.class);

    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final ReferenceRegistry.Listener listener;
    private final OwnerName wiper = OwnerName.fresh();
    private final AtomicLong runs = new AtomicLong();

    RedisWipe(RedisKeys keys, DirectoryStorage storage, ReferenceRegistry.Listener listener) {
        this.keys = keys;
        this.storage = storage;
        this.listener = listener;
    }

    /**
     * @param epoch in which it was decided
     * @return how many directories this very call made vanish
     * @throws CacheBackendException if it could not be finished; the next sweep does
     */
    int run(RedisConnection connection, String root, List<CacheId> ids, String epoch) {
        String me = wiper + "-" + runs.incrementAndGet();
        Set<CacheId> marked = new LinkedHashSet<>(ids.size());
        List<CacheId> gone = new ArrayList<>(ids.size());
        Map<CacheId, DirectoryStorage.Trash> trash = new LinkedHashMap<>();
        try {
            for (CacheId id : ids) {
                // before it is tried: what fails may have been done
                marked.add(id);
                if (!storage.mark(id, me)) {
                    marked.remove(id);
                    gone.add(id);
                }
            }
            for (CacheId id : still(connection, List.copyOf(marked), epoch)) {
                DirectoryStorage.Trash trashed = storage.trash(id);
                if (trashed != null) {
                    trash.put(id, trashed);
                }
                marked.remove(id);
                gone.add(id);
            }
            forget(connection, root, gone);
        } finally {
            marked.forEach(id -> giveUp(id, me));
            trash.forEach(listener::wiped);
        }
        return trash.size();
    }

    /** From here on this run does not rename it any more. */
    private void giveUp(CacheId id, String me) {
        try {
            storage.unmark(id, me);
        } catch (CacheBackendException failure) {
            log.warn(
                    "The mark of a wipe that was given up could not be taken off cache {}; nobody can attach to it"
                            + " until whoever holds it sweeps, or it is evicted",
                    id,
                    failure);
        }
    }

    private List<CacheId> still(RedisConnection connection, List<CacheId> ids, String epoch) {
        if (ids.isEmpty()) {
            return ids;
        }
        Answer answer = connection.run(RedisScript.STILL, names(ids, keys.epoch()), epoch);
        List<CacheId> still = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            if (answer.number(i) == 1) {
                still.add(ids.get(i));
            }
        }
        return still;
    }

    private void forget(RedisConnection connection, String root, List<CacheId> ids) {
        if (!ids.isEmpty()) {
            Answer unused = connection.run(
                    RedisScript.FORGET, names(ids, keys.epoch(), keys.index(root), keys.due(root)), ids.toArray());
        }
    }

    private List<String> names(List<CacheId> ids, String... first) {
        List<String> names = new ArrayList<>(List.of(first));
        ids.forEach(id -> names.add(keys.cache(id)));
        return names;
    }
}
