// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

/** There is no such cache, or its wipe has begun. */
public final class CacheNotFoundException extends CacheException {

    private static final long serialVersionUID = 1L;

    private final transient CacheId id;

    /** @param why what is known beside */
    public CacheNotFoundException(CacheId id, String why) {
        super("There is no cache " + id + ": " + why, null);
        this.id = id;
    }

    public CacheNotFoundException(CacheId id) {
        super("There is no cache " + id + ": it never was, or it has been wiped", null);
        this.id = id;
    }

    /** The cache that is not there. */
    public CacheId id() {
        return id;
    }
}
