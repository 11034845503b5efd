// SPDX-License-Identifier: Apache-2.0
/** Tests against a real Redis, which they start. */
@NullMarked
package io.monolithcache.directory.redis;

import org.jspecify.annotations.NullMarked;
