// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.redis.LeaseClock.Moment;
import io.monolithcache.owner.OwnerName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of an owner, one incarnation after the other, and that of the folder in which it prepares what is not
 * published yet. Its owner sees to it that nobody takes one while another is taken or renewed.
 */
final class RedisLease {

    private static final Logger log = LoggerFactory.getLogger(RedisLease.class);

    /** So many names are enough to find out who they are. */
    private static final int FEW = 5;

    private final RedisLink link;
    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final RedisRegistryListener listener;
    private final Recovery recovery;
    private final LeaseClock clock;
    private final RedisTime time;
    private final FormerLeases former = new FormerLeases();
    private String workspace = "";

    /** Whether others may have taken the owner for dead since it told them what it holds. */
    private volatile boolean lapsed;

    RedisLease(
            RedisLink link,
            RedisRegistrySettings settings,
            DirectoryStorage storage,
            RedisRegistryListener listener,
            LeaseClock clock,
            RedisTime time) {
        this.link = link;
        this.keys = new RedisKeys(settings.namespace());
        this.storage = storage;
        this.listener = listener;
        this.recovery = new Recovery(keys, storage, time);
        this.clock = clock;
        this.time = time;
    }

    /** Whether others may take the owner for dead, by the clocks of this process. */
    boolean isDoubtful() {
        return clock.isDoubtful();
    }

    /** How long ago the last good renewal began. */
    Duration age() {
        return clock.age();
    }

    Life take(RedisConnection connection, String root) {
        Incarnation me = Incarnation.first();
        Moment begin = clock.now();
        Answer answer = recovery.lease(connection, me, me.owner().toString(), root, List.of());
        warnOfEviction(answer.text(0));
        // not before its lease: whatever has none is removed
        workspace = me.owner().toString();
        storage.open(workspace);
        time.measured(answer);
        if (answer.number(2) == 1) {
            warnOfStrangers(connection, root, answer);
        }
        return settled(new Life(me, root, connection, answer.epoch()), begin);
    }

    /**
     * This Redis does not know the root, but others have worked there and did not end by themselves. It may have been
     * emptied or replaced; that it is another one than theirs cannot be told from that, so nothing is refused.
     */
    private void warnOfStrangers(RedisConnection connection, String root, Answer leased) {
        List<String> others = storage.preparers().stream()
                .filter(name -> !name.equals(workspace))
                .toList();
        List<String> strangers = others.isEmpty()
                ? others
                : connection
                        .run(RedisScript.DEAD, List.of(keys.epoch()), others.toArray())
                        .texts();
        if (!strangers.isEmpty()) {
            log.warn(
                    "Redis does not know the cache root {}, in which others have worked ({}). That is fine if Redis was"
                            + " emptied or replaced. But if they use another Redis or database, stop this process within"
                            + " {}: then it begins to wipe what its Redis does not know. All processes of a root need"
                            + " the same one",
                    root,
                    String.join(", ", strangers.subList(0, Math.min(strangers.size(), FEW))),
                    Answer.seconds(leased.untilRipe()));
        }
    }

    /** Nothing tells a key that was evicted from one that was deleted: a lease is over then, and a cache is unknown. */
    private static void warnOfEviction(String policy) {
        if (!policy.equals("noeviction")) {
            log.warn(
                    "This Redis throws keys away when its memory is full (maxmemory-policy {}): then directories are wiped"
                            + " while they are in use. Set it to noeviction",
                    policy);
        }
    }

    private Life settled(Life life, Moment begin) {
        former.settle(life.me(), life.epoch());
        clock.renewed(begin);
        listener.renewed();
        lapsed = false;
        return life;
    }

    /** Renews it. @return false if it is gone, or if Redis has forgotten something */
    boolean isRenewed(Life now) {
        Moment begin = clock.now();
        Answer answer = now.connection()
                .run(
                        RedisScript.BEAT,
                        List.of(keys.epoch(), keys.owner(now.name()), keys.owner(workspace)),
                        now.me().describe());
        time.measured(answer);
        boolean sameEpoch = answer.epoch().equals(now.epoch());
        if (sameEpoch && answer.is("OK")) {
            clock.renewed(begin);
            listener.renewed();
            return true;
        }
        // Redis remembers everything but this lease: it has lapsed, whatever the clocks of this machine say
        lapsed |= sameEpoch;
        return false;
    }

    /**
     * Takes one in a new name, and tells Redis again what the owner holds.
     *
     * @param held what the owner claims; what was lost is taken off
     * @param released those of them whose release was sent, and not answered
     * @return null if it is not complete, and has to begin anew in another name
     */
    @Nullable Life takeAgain(Life next, Collection<CacheId> held, Collection<CacheId> released, Collection<CacheId> lost) {
        lapsed |= clock.isDoubtful();
        Moment begin = clock.now();
        // nor the name of a folder that others may be about to remove
        String folder = lapsed ? OwnerName.fresh().toString() : workspace;
        List<Incarnation> before = lapsed ? List.of() : former.names();
        Answer answer = recovery.lease(next.connection(), next.me(), folder, next.root(), before);
        if (!lapsed && (clock.isDoubtful() || former.hadEnded(answer))) {
            // the last lease ended before this one began, or may have
            lapsed = true;
            return null;
        }
        former.add(next.me(), answer.epoch());
        time.measured(answer);
        Life life = new Life(next.me(), next.root(), next.connection(), answer.epoch());
        boolean leased = recovery.register(life, lapsed, held, released, lost);
        if (!leased || clock.isTooLate(begin)) {
            lapsed |= clock.isTooLate(begin);
            return null;
        }
        if (!folder.equals(workspace)) {
            // the one before goes with the next sweep, since nobody renews its lease any more
            storage.open(folder);
            workspace = folder;
        }
        return settled(life, begin);
    }

    /** @param nothing whether the owner holds nothing any more */
    void leave(Life last, boolean nothing) {
        try {
            storage.removePrepared(workspace);
            Answer unused = link.connection()
                    .run(
                            RedisScript.LEAVE,
                            List.of(
                                    keys.epoch(),
                                    keys.owner(last.name()),
                                    keys.owner(workspace),
                                    keys.owners(last.root())),
                            last.name(),
                            nothing ? 1 : 0,
                            last.root());
        } catch (CacheBackendException failure) {
            log.debug("Redis was not told that {} has ended; its lease tells it", last.name(), failure);
        }
    }
}
