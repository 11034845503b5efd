// SPDX-License-Identifier: Apache-2.0
/** Auto-configuration of references in Redis, where Spring Data Redis and Lettuce are on the class path. */
@NullMarked
package io.monolithcache.autoconfigure.redis;

import org.jspecify.annotations.NullMarked;
