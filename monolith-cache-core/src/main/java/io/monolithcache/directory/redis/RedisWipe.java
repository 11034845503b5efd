// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry;
import java.util.List;

/**
 * Makes a cache vanish whose hash says {@code wiping}. The mark comes before the last question, so that whoever
 * attaches or recovers after that question sees it; and all of it happens over the connection over which it was
 * decided, and in the same epoch, or not at all.
 */
final class RedisWipe {

    private final RedisKeys keys;
    private final DirectoryStorage storage;
    private final ReferenceRegistry.Listener listener;

    RedisWipe(RedisKeys keys, DirectoryStorage storage, ReferenceRegistry.Listener listener) {
        this.keys = keys;
        this.storage = storage;
        this.listener = listener;
    }

    /**
     * @param epoch in which it was decided
     * @return whether this very call made the directory vanish
     * @throws CacheBackendException if it could not be finished; the next sweep does
     */
    boolean run(RedisConnection connection, String root, CacheId id, String epoch) {
        DirectoryStorage.Trash trash = null;
        if (storage.mark(id)) {
            Answer still = connection.run(RedisScript.STILL, List.of(keys.epoch(), keys.cache(id)), epoch);
            if (!still.is("OK")) {
                return false;
            }
            trash = storage.trash(id);
        }
        try {
            Answer unused =
                    connection.run(RedisScript.FORGET, List.of(keys.epoch(), keys.cache(id), keys.index(root)), id);
        } finally {
            if (trash != null) {
                listener.wiped(id, trash);
            }
        }
        return trash != null;
    }
}
