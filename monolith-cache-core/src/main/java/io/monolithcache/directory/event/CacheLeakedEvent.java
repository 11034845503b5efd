// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.event;

import io.monolithcache.directory.CacheId;
import java.net.URI;

/** A handle on a cache was dropped without being closed. */
public record CacheLeakedEvent(CacheId id, URI location) implements CacheEvent {}
