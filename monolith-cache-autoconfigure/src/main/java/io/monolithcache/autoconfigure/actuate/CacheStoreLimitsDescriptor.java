// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.store.StoreLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a store may take. What is null is left out of the JSON: there is no such limit.
 *
 * @param sizeInBytes on the disk
 * @param entries how many
 * @param age since an entry was written
 * @param idle since an entry was last read
 * @param keepFreeInBytes of the disk, for others
 */
public record CacheStoreLimitsDescriptor(
        @Nullable Long sizeInBytes,
        @Nullable Long entries,
        @Nullable Duration age,
        @Nullable Duration idle,
        long keepFreeInBytes) {

    static CacheStoreLimitsDescriptor of(StoreLimits limits) {
        return new CacheStoreLimitsDescriptor(
                limit(limits.size()), limit(limits.entries()), limits.age(), limits.idle(), limits.keepFree());
    }

    private static @Nullable Long limit(long most) {
        return most == Long.MAX_VALUE ? null : most;
    }
}
