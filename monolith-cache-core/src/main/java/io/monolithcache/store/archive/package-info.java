// SPDX-License-Identifier: Apache-2.0
/** The slower, larger tiers that stand behind a store and keep what it evicts. */
@NullMarked
package io.monolithcache.store.archive;

import org.jspecify.annotations.NullMarked;
