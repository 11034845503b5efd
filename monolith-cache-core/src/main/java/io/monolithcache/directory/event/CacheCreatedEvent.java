// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.event;

import io.monolithcache.directory.CacheId;
import java.net.URI;

/** A manager of this process created a cache. */
public record CacheCreatedEvent(CacheId id, URI location) implements CacheEvent {}
