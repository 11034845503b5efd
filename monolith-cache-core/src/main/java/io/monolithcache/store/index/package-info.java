// SPDX-License-Identifier: Apache-2.0
/** The lists of a store's entries: written behind, rebuilt from the entries themselves, asked what to evict. */
@NullMarked
package io.monolithcache.store.index;

import org.jspecify.annotations.NullMarked;
