// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

/**
 * What a cache takes.
 *
 * @param files the number of its files, without {@code meta.json} and what else is reserved
 * @param sizeInBytes their lengths together
 */
public record CacheUsage(long files, long sizeInBytes) {}
