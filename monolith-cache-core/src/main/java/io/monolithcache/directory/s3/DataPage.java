// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.s3.S3Objects.Page;
import java.util.List;
import java.util.Objects;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ids that have data, in their order.
 *
 * @param after behind which all are listed; null for the first page
 * @param last up to which all are listed; null for the last page
 */
record DataPage(
        List<CacheId> ids,
        @Nullable CacheId after,
        @Nullable CacheId last) {

    /** A page of them behind an id. */
    static DataPage list(S3Objects bucket, @Nullable CacheId after) {
        return list(bucket, after, S3Keys.behind(S3Keys.CACHES, after));
    }

    private static DataPage list(S3Objects bucket, @Nullable CacheId after, @Nullable String key) {
        String from = key;
        while (true) {
            Page page = bucket.listFolders(S3Keys.CACHES, from);
            List<CacheId> ids = page.folders().stream().flatMap(DataPage::id).toList();
            if (page.isLast()) {
                return new DataPage(ids, after, null);
            }
            if (!ids.isEmpty()) {
                return new DataPage(ids, after, ids.get(ids.size() - 1));
            }
            // a page of names that are none of ours
            from = Objects.requireNonNull(page.end());
        }
    }

    private static Stream<CacheId> id(String folder) {
        String name = S3Keys.name(S3Keys.CACHES, folder);
        return name != null && CacheId.isValid(name) ? Stream.of(CacheId.of(name)) : Stream.empty();
    }

    /**
     * All pages, as they are asked for.
     *
     * @param first with that one; null for all
     */
    static Stream<DataPage> from(S3Objects bucket, @Nullable CacheId first) {
        return StreamSupport.stream(
                new AbstractSpliterator<DataPage>(Long.MAX_VALUE, 0) {
                    private @Nullable DataPage page;

                    @Override
                    public boolean tryAdvance(Consumer<? super DataPage> action) {
                        DataPage before = page;
                        if (before != null && before.last() == null) {
                            return false;
                        }
                        DataPage next = before == null
                                ? list(bucket, null, first == null ? null : S3Keys.CACHES + first)
                                : list(bucket, before.last());
                        page = next;
                        action.accept(next);
                        return true;
                    }
                },
                false);
    }
}
