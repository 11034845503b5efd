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

    /** @return false if Redis has only now learned of it again: with its lock, or from whoever holds it */
    private boolean isEvicted(CacheId id) {
        Life life = owner.ready();
        RedisConnection connection = life.connection();
        Answer answer = connection.run(RedisScript.EVICT, keys(life, id), life.root());
        switch (answer.word()) {
            case "WIPE" -> {
                return isWiped(life, id, answer);
            }
            case "ELSEWHERE" -> throw RedisReferences.notFound(id, answer);
            case "IN_USE" -> throw new CacheInUseException(id, RedisListing.owners(answer.texts(), 0));
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
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Life life = owner.ready();
            Answer answer = life.connection().run(RedisScript.EVICT_FORCIBLY, keys(life, id), life.root());
            boolean absent = answer.is("ABSENT");
            if (answer.is("ELSEWHERE") || (absent && (attempt == 0 || storage.isThere(id)))) {
                throw RedisReferences.notFound(id, answer);
            }
            if (absent || isWiped(life, id, answer)) {
                owner.held().remove(id);
                return;
            }
        }
        throw RedisOwner.restless(ATTEMPTS);
    }

    private List<String> keys(Life life, CacheId id) {
        return List.of(keys.epoch(), keys.cache(id), keys.due(life.root()));
    }

    /**
     * Wipes it, or finds that another party was faster.
     *
     * @return false if Redis has forgotten meanwhile that it was to be wiped, so that it is there still
     */
    private boolean isWiped(Life life, CacheId id, Answer decided) {
        try {
            int unused = wipe.run(life.connection(), life.root(), List.of(id), decided.epoch());
        } catch (CacheBackendException failure) {
            sweep.wantAll();
            throw failure;
        }
        return !storage.isThere(id);
    }
}
