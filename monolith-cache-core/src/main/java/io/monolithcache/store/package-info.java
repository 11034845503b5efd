// SPDX-License-Identifier: Apache-2.0
/** Keeps entries on the local disk, by key, within limits that hold, for all processes that share a folder. */
@NullMarked
package io.monolithcache.store;

import org.jspecify.annotations.NullMarked;
