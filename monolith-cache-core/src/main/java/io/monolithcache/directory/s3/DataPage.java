// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.s3.S3Objects.Page;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ids that have data, in their order.
 *
 * @param last up to which all are listed; null for the last page
 */
record DataPage(List<CacheId> ids, @Nullable CacheId last) {

    /** A page of them behind an id. */
    static DataPage list(S3Objects bucket, @Nullable CacheId after) {
        String from = S3Keys.behind(S3Keys.CACHES, after);
        while (true) {
            Page page = bucket.listFolders(S3Keys.CACHES, from);
            List<CacheId> ids = page.folders().stream().flatMap(DataPage::id).toList();
            if (page.isLast()) {
                return new DataPage(ids, null);
            }
            if (!ids.isEmpty()) {
                return new DataPage(ids, ids.get(ids.size() - 1));
            }
            // a page of names that are none of ours
            from = Objects.requireNonNull(page.end());
        }
    }

    private static Stream<CacheId> id(String folder) {
        String name = S3Keys.name(S3Keys.CACHES, folder);
        return name != null && CacheId.isValid(name) ? Stream.of(CacheId.of(name)) : Stream.empty();
    }
}
