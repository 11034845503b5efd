// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

/**
 * Sums over all entries that are listed.
 *
 * @param bytes that they take on the disk
 */
public record IndexTotals(long entries, long bytes) {}
