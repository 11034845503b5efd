// SPDX-License-Identifier: Apache-2.0
/**
 * References in Redis, for several processes and servers; see {@link io.monolithcache.directory.redis.RedisRegistry}.
 */
@NullMarked
package io.monolithcache.directory.redis;

import org.jspecify.annotations.NullMarked;
