// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import java.util.List;

/**
 * What went, or would go.
 *
 * @param entries how many
 * @param bytes that they took on the disk
 * @param kept how many were selected and stay: they are locked, or in use
 * @param first up to a hundred of those that went, in the order in which they did
 * @param isDryRun whether nothing was removed
 */
public record EvictionReport(long entries, long bytes, long kept, List<EntryDescription> first, boolean isDryRun) {

    static final int MOST_NAMED = 100;
}
