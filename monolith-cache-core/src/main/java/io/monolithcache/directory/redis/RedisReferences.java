// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.ReferenceRegistry;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes references and drops them. What a step found is good only if its owner has not recovered since: else it starts
 * over.
 *
 * <p>A release looks at nothing before its script. Redis decides at once about a cache that was created in this very
 * epoch, because then it has known all there is to know, locks too; about others a sweep of this one cache does.
 */
final class RedisReferences {

    private static final Logger log = LoggerFactory.getLogger(RedisReferences.class);

    private static final int ATTEMPTS = 10;

    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final RedisOwner owner;
    private final ReleasedCaches released;
    private final RedisSweep sweep;

    RedisReferences(
            RedisKeys keys, DirectoryStorage storage, RedisOwner owner, ReleasedCaches released, RedisSweep sweep) {
        this.keys = keys;
        this.storage = storage;
        this.owner = owner;
        this.released = released;
        this.sweep = sweep;
    }

    /** Makes a cache that this owner references. @return false if this id cannot be had */
    boolean create(CacheId id, Map<String, Object> metadata) {
        Life[] used = new Life[1];
        Answer answer = owner.run(life -> {
            used[0] = life;
            return create(life, id, metadata);
        });
        if (!answer.is("OK")) {
            return false;
        }
        if (owner.claim(used[0], id)) {
            return true;
        }
        try {
            attach(id);
            return true;
        } catch (CacheNotFoundException forgotten) {
            return false;
        }
    }

    /** The directory is made while the script is on its way. */
    private Answer create(Life life, CacheId id, Map<String, Object> metadata) {
        RedisConnection connection = life.connection();
        RedisConnection.Sent sent = connection.send(
                RedisScript.CREATE,
                List.of(keys.epoch(), keys.cache(id), keys.index(life.root()), keys.owner(life.name())),
                life.name(),
                id,
                storage.location(id),
                life.root(),
                id.time().toEpochMilli());
        String prepared = null;
        try {
            prepared = storage.prepare();
            storage.fill(prepared, id, metadata);
            Answer answer = connection.await(sent);
            if (answer.is("OK")) {
                storage.publish(prepared, id);
                prepared = null;
            }
            return answer;
        } catch (CacheBackendException | IllegalArgumentException failure) {
            undo(life, sent, id, failure);
            throw failure;
        } finally {
            if (prepared != null) {
                storage.discard(prepared);
            }
        }
    }

    /** What cannot be taken back now goes with this owner, or with its next release. */
    private void undo(Life life, RedisConnection.Sent sent, CacheId id, Exception failure) {
        try {
            if (life.connection().await(sent).is("OK")) {
                Answer answer = life.connection().await(sendRelease(life, id));
                if (answer.is("WIPE")) {
                    released.add(life, id, answer.epoch());
                }
            }
        } catch (CacheBackendException another) {
            failure.addSuppressed(another);
        }
    }

    /** @throws CacheNotFoundException if there is no such cache, or its wipe has begun */
    void attach(CacheId id) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Life life = owner.ready();
            Answer answer = owner.run(now -> now.connection()
                    .run(
                            RedisScript.ATTACH,
                            List.of(keys.epoch(), keys.cache(id), keys.owner(now.name())),
                            now.name(),
                            now.root()));
            if (attempt == 0 && answer.is("ELSEWHERE") && storage.isThere(id)) {
                // the root was made anew over its caches, and no sweep has told Redis yet
                boolean unused = sweep.one(life.connection(), life.root(), id);
                continue;
            }
            if (!answer.is("OK")) {
                throw notFound(id, answer);
            }
            try {
                Look look = storage.look(id, owner.time().now());
                if (!look.isThere() || look.isMarked()) {
                    throw notFound(id, answer);
                }
            } catch (RuntimeException failure) {
                detach(id, failure);
                throw failure;
            }
            if (owner.claim(life, id)) {
                return;
            }
        }
        CacheBackendException failure = RedisOwner.restless(ATTEMPTS);
        detach(id, failure);
        throw failure;
    }

    /** What cannot be taken back now goes with this incarnation. */
    private void detach(CacheId id, RuntimeException failure) {
        try {
            Answer unused = owner.run(now -> now.connection()
                    .run(RedisScript.DETACH, List.of(keys.epoch(), keys.cache(id), keys.due(now.root())), now.name()));
        } catch (CacheBackendException another) {
            failure.addSuppressed(another);
        }
    }

    /**
     * What is in another root is none of this owner's. And in a young epoch the holders may not have told Redis yet
     * what they hold.
     */
    static CacheNotFoundException notFound(CacheId id, Answer answer) {
        if (answer.is("ELSEWHERE")) {
            return new CacheNotFoundException(
                    id,
                    "not in this root. It is at " + answer.text(0)
                            + ", in another one; use it, lock, unlock or evict it on a server that has that root");
        }
        long wait = answer.untilRipe();
        return wait <= 0
                ? new CacheNotFoundException(id)
                : new CacheNotFoundException(
                        id,
                        "Redis does not know it, but has forgotten something lately; if a holder is about to tell it"
                                + " again, it is there within " + Answer.seconds(wait));
    }

    /** Sends a release, and leaves the rest to whoever awaits it. */
    ReferenceRegistry.Release beginRelease(CacheId id) {
        Releasing begun = new Releasing(id);
        return () -> {
            boolean unused = begun.end();
        };
    }

    /** Releases it, and waits for that. @return whether nobody needs it any more, so that it is wiped */
    boolean release(CacheId id) {
        return new Releasing(id).end();
    }

    private RedisConnection.Sent sendRelease(Life life, CacheId id) {
        return life.connection()
                .send(RedisScript.RELEASE, List.of(keys.epoch(), keys.cache(id), keys.due(life.root())), life.name());
    }

    /** A release that was sent. */
    private final class Releasing {

        private final CacheId id;
        private final RedisOwner.Told told;
        /** Written before the answer is seen: whether the cache was this owner's until then. */
        private volatile boolean claimed;

        Releasing(CacheId id) {
            owner.requireHeld(id);
            this.id = id;
            // before a recovery could claim it again
            this.told = owner.begin(
                    life -> {
                        owner.released().add(id);
                        return sendRelease(life, id);
                    },
                    answer -> {
                        claimed = owner.held().remove(id);
                        owner.released().remove(id);
                    });
        }

        boolean end() {
            Answer answer = told.await();
            Life life = told.life();
            boolean wiped = answer.is("WIPE");
            if (wiped) {
                released.add(life, id, answer.epoch());
            } else if (answer.is("LOOK")) {
                wiped = lookAt(life, id);
            }
            if (!claimed || (answer.is("GONE") && !isForgotten(life, answer))) {
                throw new CacheLostException(id);
            }
            return wiped;
        }

        /** Redis has been emptied since this owner told it what it holds: nobody has taken the cache away. */
        private boolean isForgotten(Life life, Answer answer) {
            return !answer.epoch().equals(life.epoch()) && storage.isThere(id);
        }
    }

    /** Nobody references it any more, but the disk may know of a lock that Redis has forgotten. */
    private boolean lookAt(Life life, CacheId id) {
        try {
            return sweep.one(life.connection(), life.root(), id);
        } catch (CacheBackendException failure) {
            sweep.wantAll();
            log.warn("Cache {} was released but could not be looked at; the next sweep does", id, failure);
            return false;
        }
    }
}
