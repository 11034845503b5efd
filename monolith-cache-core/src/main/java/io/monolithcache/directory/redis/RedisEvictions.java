// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage;
import java.util.List;

/** Wipes caches that an operator names. Only by force while somebody references them, or may without Redis knowing. */
final class RedisEvictions {

    private static final int ATTEMPTS = 10;

    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final RedisOwner owner;
    private final RedisSweep sweep;
    private final RedisWipe wipe;

    RedisEvictions(RedisKeys keys, DirectoryStorage storage, RedisOwner owner, RedisSweep sweep, RedisWipe wipe) {
        this.keys = keys;
        this.storage = storage;
        this.owner = owner;
        this.sweep = sweep;
        this.wipe = wipe;
    }

    void evict(CacheId id) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (isEvicted(id)) {
                return;
            }
        }
        throw RedisOwner.restless(ATTEMPTS);
    }

    /** @return false if Redis has only now learned of it again, with its lock */
    private boolean isEvicted(CacheId id) {
        Life life = owner.ready();
        RedisConnection connection = life.connection();
        Answer answer = connection.run(RedisScript.EVICT, List.of(keys.epoch(), keys.cache(id)), life.root());
        switch (answer.word()) {
            case "WIPE" -> {
                // or another party was faster
                int unused = wipe.run(connection, life.root(), List.of(id), answer.epoch());
            }
            case "ELSEWHERE" -> throw RedisReferences.notFound(id, answer);
            case "IN_USE" -> throw new CacheInUseException(id, RedisListing.owners(answer, 0));
            case "ABSENT" -> {
                if (!storage.isThere(id)) {
                    throw new CacheNotFoundException(id);
                }
                requireDecidable(answer);
                return sweep.one(connection, life.root(), id);
            }
            default -> requireDecidable(answer);
        }
        return true;
    }

    private static void requireDecidable(Answer answer) {
        long wait = answer.untilRipe();
        if (wait > 0) {
            throw new CacheBackendException(
                    "Redis has forgotten something lately, so that its holders may not have told it yet that they use"
                            + " it. Try again in " + Answer.seconds(wait) + ", or evict it by force",
                    null);
        }
    }

    void evictForcibly(CacheId id) {
        Life life = owner.ready();
        RedisConnection connection = life.connection();
        Answer answer = connection.run(RedisScript.EVICT_FORCIBLY, List.of(keys.epoch(), keys.cache(id)), life.root());
        if (!answer.is("WIPE")) {
            throw RedisReferences.notFound(id, answer);
        }
        int unused = wipe.run(connection, life.root(), List.of(id), answer.epoch());
        owner.held().remove(id);
    }
}
