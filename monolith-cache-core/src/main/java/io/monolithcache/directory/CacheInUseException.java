// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.util.List;
import java.util.stream.Collectors;

/** A cache cannot be evicted while it is referenced; nothing has changed. */
public final class CacheInUseException extends CacheException {

    private static final long serialVersionUID = 1L;

    private final transient List<CacheOwner> owners;

    /** @param owners who holds it, as far as it is known */
    public CacheInUseException(CacheId id, List<CacheOwner> owners) {
        super(
                "Cache " + id + " is in use by "
                        + (owners.isEmpty()
                                ? "somebody who attached this instant"
                                : owners.stream().map(CacheOwner::toString).collect(Collectors.joining("; ")))
                        + ". Close it there, or evict it forcibly",
                null);
        this.owners = List.copyOf(owners);
    }

    /** Who holds it, as far as it is known. */
    public List<CacheOwner> owners() {
        return owners;
    }
}
