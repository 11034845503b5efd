// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheUsage;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One cache directory as an answer shows it. What is null is left out of the JSON.
 *
 * @param lockedUntil when the lock ends, if it ends
 * @param references how many owners reference it
 * @param metadata what was put; the values are masked unless they may be shown
 * @param sizeInBytes the lengths of its files together; asked for one directory only, which is in this root
 * @param files the number of its files; likewise
 * @param owners who references it, masked unless it may be shown; asked for one directory only
 * @param wiped whether the unlock that was asked for wiped it
 */
public record CacheDirectoryDescriptor(
        String id,
        URI location,
        String storage,
        boolean locked,
        @Nullable Instant lockedUntil,
        int references,
        Instant createdAt,
        Map<String, Object> metadata,
        @Nullable Long sizeInBytes,
        @Nullable Long files,
        @Nullable List<Map<String, Object>> owners,
        @Nullable Boolean wiped)
        implements OperationResponseBody {

    static CacheDirectoryDescriptor of(CacheDescription description, ValueMask mask) {
        return of(description, mask, null, null, null, null);
    }

    static CacheDirectoryDescriptor of(CacheDescription description, ValueMask mask, @Nullable CacheUsage usage) {
        List<Map<String, Object>> owners = mask.owners(description.owners());
        return usage == null
                ? of(description, mask, null, null, owners, null)
                : of(description, mask, usage.sizeInBytes(), usage.files(), owners, null);
    }

    static CacheDirectoryDescriptor of(CacheDescription description, ValueMask mask, boolean wiped) {
        return of(description, mask, null, null, null, wiped);
    }

    private static CacheDirectoryDescriptor of(
            CacheDescription description,
            ValueMask mask,
            @Nullable Long sizeInBytes,
            @Nullable Long files,
            @Nullable List<Map<String, Object>> owners,
            @Nullable Boolean wiped) {
        return new CacheDirectoryDescriptor(
                description.id().value(),
                description.location(),
                description.storage(),
                description.locked(),
                description.lockedUntil(),
                description.references(),
                description.createdAt(),
                mask.values(description.metadata()),
                sizeInBytes,
                files,
                owners,
                wiped);
    }
}
