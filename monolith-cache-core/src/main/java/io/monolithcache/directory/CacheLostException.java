// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

/**
 * A cache that was held is gone: an operator evicted it by force, somebody removed it or what tells who holds it by
 * hand, or the lease was taken while this process paused.
 */
public final class CacheLostException extends CacheException {

    private static final long serialVersionUID = 1L;

    public CacheLostException(CacheId id) {
        super(
                "Cache " + id
                        + " is lost: while it was in use, it was evicted by force, somebody removed it or the cache"
                        + " root by hand, or this process stood still for longer than its lease. Close the handle and"
                        + " create a new cache; if the root was removed, restart the application",
                null);
    }
}
