// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.event;

import io.monolithcache.directory.CacheId;
import java.net.URI;

/** A manager of this process learnt that a cache which it holds was evicted by force, or removed by hand. */
public record CacheLostEvent(CacheId id, URI location) implements CacheEvent {}
