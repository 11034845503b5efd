// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.DirectoryStorage.Look;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Redis again what an owner holds, one step after the other:
 *
 * <pre>
 * lease     a new incarnation
 *           those before it are renewed: nobody may decide about what they claim until it is told in the new name
 * each      look at the directory: gone, or marked for a wipe while this lease had lapsed → lost
 *           script: absent or wiping → live again (forced, or lapsed → lost); me in, those before out
 *           look again: the same → lost; marked, and not lapsed → take the mark away
 * </pre>
 *
 * <p>What an owner holds that never paused cannot be wiped justly, so it takes no notice of a mark, and turns a wipe
 * back. What it has released, without an answer, can be: there it does as if it had lapsed.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    static final int BATCH = 256;

    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final RedisTime time;

    Recovery(RedisKeys keys, DirectoryStorage storage, RedisTime time) {
        this.keys = keys;
        this.storage = storage;
        this.time = time;
    }

    /** The lease of a new incarnation, and of the folder in which it prepares things. */
    Answer lease(RedisConnection connection, Incarnation me, String workspace, String root, List<Incarnation> before) {
        List<String> names = new ArrayList<>(List.of(
                keys.epoch(), keys.owner(me.toString()), keys.owner(workspace), keys.owners(root), keys.roots()));
        before.forEach(former -> names.add(keys.owner(former.toString())));
        return connection.run(RedisScript.LEASE, names, me, me.describe(), root, me.number() == 1 ? 1 : 0);
    }

    /** @param yields whether it obeys a wipe */
    private record Told(CacheId id, boolean yields, RedisConnection.Sent sent) {}

    /**
     * Takes what was lost off the held ones.
     *
     * @param lapsed whether others may have taken this owner for dead
     * @param released what it only claims because its release was not answered; to lose that is no news
     * @return false if it has to be done again, because the new lease was gone before the end
     */
    boolean register(
            Life life,
            boolean lapsed,
            Collection<CacheId> held,
            Collection<CacheId> released,
            Collection<CacheId> lost) {
        RedisConnection connection = life.connection();
        Instant now = time.now();
        Iterator<CacheId> all = List.copyOf(held).iterator();
        boolean leased = true;
        while (all.hasNext() && leased) {
            List<Told> batch = new ArrayList<>();
            while (all.hasNext() && batch.size() < BATCH) {
                CacheId id = all.next();
                boolean yields = lapsed || released.contains(id);
                Look look = look(id, now);
                if (isLost(look, yields)) {
                    lose(id, held, released, lost);
                } else {
                    batch.add(new Told(id, yields, send(life, yields, id, look)));
                }
            }
            for (Told told : batch) {
                Answer answer = connection.await(told.sent());
                leased &= !answer.is("RECOVER");
                Look look = look(told.id(), now);
                if (answer.is("LOST") || isLost(look, told.yields())) {
                    lose(told.id(), held, released, lost);
                    Answer unused = connection.run(
                            RedisScript.DETACH,
                            List.of(keys.epoch(), keys.cache(told.id()), keys.due(life.root())),
                            life.name());
                } else if (look.isMarked()) {
                    unmark(told.id());
                }
            }
        }
        return leased;
    }

    private static void lose(
            CacheId id, Collection<CacheId> held, Collection<CacheId> released, Collection<CacheId> lost) {
        held.remove(id);
        if (!released.contains(id)) {
            lost.add(id);
        }
    }

    /** Else nobody could attach any more. */
    private void unmark(CacheId id) {
        try {
            storage.unmark(id);
        } catch (CacheBackendException failure) {
            log.warn("The mark of a wipe that was turned back could not be taken off cache {}", id, failure);
        }
    }

    private RedisConnection.Sent send(Life life, boolean yields, CacheId id, Look look) {
        return life.connection()
                .send(
                        RedisScript.REGISTER,
                        List.of(
                                keys.epoch(),
                                keys.cache(id),
                                keys.index(life.root()),
                                keys.owner(life.name()),
                                keys.due(life.root())),
                        life.name(),
                        life.me().owner(),
                        id,
                        storage.location(id),
                        life.root(),
                        id.time().toEpochMilli(),
                        yields ? 1 : 0,
                        look.isLocked() ? restoredLock(id) : "");
    }

    private static boolean isLost(Look look, boolean yields) {
        return !look.isThere() || (look.isMarked() && yields);
    }

    /** One directory that cannot be looked at does not keep the others from being told. */
    private Look look(CacheId id, Instant now) {
        try {
            return storage.look(id, now);
        } catch (CacheBackendException failure) {
            log.warn("Cache {} could not be looked at; it is still taken for held", id, failure);
            return isMarked(id) ? Look.MARKED : Look.FREE;
        }
    }

    private boolean isMarked(CacheId id) {
        try {
            return storage.isMarked(id);
        } catch (CacheBackendException unknown) {
            return false;
        }
    }

    /** Nothing for a cache that is gone meanwhile: the second look sees that. */
    private String restoredLock(CacheId id) {
        try {
            return LockStamp.fresh(DirectoryStorage.lockEnd(storage.metadata(id)));
        } catch (CacheNotFoundException gone) {
            return "";
        }
    }
}
