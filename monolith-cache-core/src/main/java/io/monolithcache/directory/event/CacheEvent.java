// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.event;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import java.net.URI;

/** What a manager of this process did to a cache, or learnt of it; see {@link CacheListener}. */
public sealed interface CacheEvent permits CacheCreatedEvent, CacheWipedEvent, CacheLostEvent, CacheLeakedEvent {

    /** Which cache. */
    CacheId id();

    /** Where it is, or was. */
    URI location();
}
