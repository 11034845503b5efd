// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.s3.S3Objects.Listed;
import io.monolithcache.directory.s3.S3Objects.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a listing shows of one cache or owner: its numbered objects, and the time by the clock of the store.
 *
 * @param date when the listing was answered
 */
record Numbered(String folder, NavigableMap<Long, Listed> objects, Instant date) {

    /** The store tells both times to the second: so an age may be a second less than it seems. */
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    /** Lists all of them. */
    static Numbered list(S3Objects bucket, String folder) {
        NavigableMap<Long, Listed> objects = new TreeMap<>();
        String after = null;
        while (true) {
            Page page = bucket.list(folder, after);
            page.objects().forEach(object -> add(objects, object));
            after = page.end();
            if (page.isLast() || after == null) {
                return new Numbered(folder, objects, page.date());
            }
        }
    }

    private static void add(NavigableMap<Long, Listed> objects, Listed object) {
        long number = S3Keys.number(object.key());
        if (number > 0) {
            objects.put(number, object);
        }
    }

    /** The cache, if these are the versions of one; else null. */
    @Nullable CacheId id() {
        String name = S3Keys.name(S3Keys.REGISTRY, folder);
        return name != null && CacheId.isValid(name) ? CacheId.of(name) : null;
    }

    boolean isEmpty() {
        return objects.isEmpty();
    }

    /** Without it, whatever else is there is nothing: a paused writer's late one, for instance. */
    boolean hasFirst() {
        return objects.containsKey(1L);
    }

    long highest() {
        return objects.lastKey();
    }

    Listed last() {
        return Objects.requireNonNull(objects.lastEntry()).getValue();
    }

    /** Of the highest: an empty one is a dead mark. */
    boolean isDeadMark() {
        return last().size() == 0;
    }

    /** Whether an object is certainly so old, by the clock of the store. */
    boolean isOlder(long number, Duration than) {
        Listed object = objects.get(number);
        return object != null
                && Duration.between(object.lastModified(), date).minus(ROUNDING).compareTo(than) >= 0;
    }

    /** All keys but one, in the order of numbers. */
    List<String> keysBut(long number) {
        return objects.values().stream()
                .map(Listed::key)
                .filter(key -> S3Keys.number(key) != number)
                .toList();
    }

    /** Versions that nobody needs: neither the first nor the highest, and their successor is as old as that. */
    List<String> superseded(Duration age) {
        List<String> keys = new ArrayList<>();
        String key = "";
        long version = 1;
        for (Map.Entry<Long, Listed> entry : objects.entrySet()) {
            long successor = entry.getKey();
            if (version != 1 && isOlder(successor, age)) {
                keys.add(key);
            }
            version = successor;
            key = entry.getValue().key();
        }
        return keys;
    }
}
