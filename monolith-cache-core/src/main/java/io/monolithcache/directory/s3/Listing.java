// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.s3.S3Objects.Listed;
import io.monolithcache.directory.s3.S3Objects.Page;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes over all that is numbered below a folder, name by name. One that begins on a page and ends on another is listed
 * on its own.
 */
final class Listing {

    private final S3Objects bucket;
    private final String folder;

    private @Nullable String name;
    private NavigableMap<Long, Listed> objects = new TreeMap<>();

    /** When the page was told on which it begins, and which one that is. */
    private @Nullable Instant date;

    private int page;
    private int pages;
    private boolean split;

    Listing(S3Objects bucket, String folder) {
        this.bucket = bucket;
        this.folder = folder;
    }

    /**
     * @param after only ids behind this one; null for all
     * @param last only ids up to this one; null for all
     */
    void forEach(@Nullable CacheId after, @Nullable CacheId last, Consumer<Numbered> step) {
        forEach(S3Keys.behind(folder, after), S3Keys.behind(folder, last), step);
    }

    /** Of the ids from one to another, with both. */
    void forEachFrom(CacheId first, CacheId last, Consumer<Numbered> step) {
        forEach(folder + first, S3Keys.behind(folder, last), step);
    }

    private void forEach(@Nullable String begin, @Nullable String end, Consumer<Numbered> step) {
        String from = begin;
        while (true) {
            Page next = bucket.list(folder, from);
            pages++;
            for (Listed object : next.objects()) {
                if (end != null && object.key().compareTo(end) > 0) {
                    tell(step);
                    return;
                }
                add(object, next.date(), step);
            }
            from = next.end();
            if (next.isLast() || from == null) {
                tell(step);
                return;
            }
        }
    }

    private void add(Listed object, Instant told, Consumer<Numbered> step) {
        String next = S3Keys.name(folder, object.key());
        if (next == null || S3Keys.number(object.key()) == 0) {
            return;
        }
        if (!next.equals(name)) {
            tell(step);
            name = next;
            date = told;
            page = pages;
        }
        split |= page != pages;
        objects.put(S3Keys.number(object.key()), object);
    }

    private void tell(Consumer<Numbered> step) {
        String complete = name;
        Instant begin = date;
        if (complete != null && begin != null) {
            String below = folder + complete + "/";
            Numbered found = split ? Numbered.list(bucket, below) : new Numbered(below, objects, begin);
            name = null;
            objects = new TreeMap<>();
            split = false;
            if (!found.isEmpty()) {
                step.accept(found);
            }
        }
    }
}
