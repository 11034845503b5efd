// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

/** A cache that was held is gone: an operator evicted it by force, or the lease was taken while this process paused. */
public final class CacheLostException extends CacheException {

    private static final long serialVersionUID = 1L;

    public CacheLostException(CacheId id) {
        super(
                "Cache " + id + " was evicted by force while it was in use. Close the handle and create a new cache",
                null);
    }
}
