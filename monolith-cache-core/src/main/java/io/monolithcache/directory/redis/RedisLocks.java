// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Locks and unlocks caches while this owner references them, as the protocol wants it; so who does not is given a
 * reference for the time being. A lock is noted in the metadata before Redis knows it, and Redis forgets it first.
 */
final class RedisLocks {

    private static final int ATTEMPTS = 10;

    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final RedisOwner owner;
    private final RedisReferences references;

    RedisLocks(RedisKeys keys, DirectoryStorage storage, RedisOwner owner, RedisReferences references) {
        this.keys = keys;
        this.storage = storage;
        this.owner = owner;
        this.references = references;
    }

    void lock(CacheId id, @Nullable Instant until) {
        boolean unused = referenced(id, () -> lockHeld(id, until));
    }

    private void lockHeld(CacheId id, @Nullable Instant until) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Life life = owner.ready();
            Instant end =
                    LockStamp.reachable(until == null ? null : owner.time().of(until));
            storage.lock(id, end);
            Answer unused = owner.run(now -> lockScript(now, id, end));
            if (owner.isStill(life)) {
                return;
            }
        }
        throw RedisOwner.restless(ATTEMPTS);
    }

    private Answer lockScript(Life life, CacheId id, @Nullable Instant until) {
        owner.requireHeld(id);
        return life.connection()
                .run(
                        RedisScript.LOCK,
                        List.of(keys.epoch(), keys.cache(id), keys.owner(life.name()), keys.due(life.root())),
                        life.name(),
                        LockStamp.fresh(null),
                        until == null ? "" : until.toEpochMilli());
    }

    /** Removes every lock. @return whether that wiped it, because nobody references it */
    boolean unlock(CacheId id) {
        return referenced(id, () -> {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Life life = owner.ready();
                Answer unused = owner.run(now -> unlockScript(now, id));
                storage.unlock(id);
                if (owner.isStill(life)) {
                    return;
                }
                // a recovery that came between may have read the metadata, and told Redis of the lock
            }
            throw RedisOwner.restless(ATTEMPTS);
        });
    }

    private Answer unlockScript(Life life, CacheId id) {
        owner.requireHeld(id);
        return life.connection()
                .run(RedisScript.UNLOCK, List.of(keys.epoch(), keys.cache(id), keys.owner(life.name())), life.name());
    }

    /** @return whether the cache was wiped, because nobody else needs it */
    private boolean referenced(CacheId id, Runnable step) {
        if (owner.held().contains(id)) {
            step.run();
            return false;
        }
        references.attach(id);
        try {
            step.run();
        } catch (RuntimeException failure) {
            releaseAfter(failure, id);
            throw failure;
        }
        return references.release(id);
    }

    private void releaseAfter(RuntimeException failure, CacheId id) {
        try {
            boolean unused = references.release(id);
        } catch (CacheException another) {
            failure.addSuppressed(another);
        }
    }
}
