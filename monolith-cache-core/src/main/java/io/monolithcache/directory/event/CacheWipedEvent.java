// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.event;

import io.monolithcache.directory.CacheId;
import java.net.URI;

/** A manager of this process wiped a cache: by its last release, an unlock, an evict or a sweep. */
public record CacheWipedEvent(CacheId id, URI location) implements CacheEvent {}
