// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheOwner;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry.Found;
import io.monolithcache.directory.ReferenceRegistry.Standing;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Redis knows of one cache, and of all; changes nothing. */
final class RedisListing {

    static final String ALL_ROOTS = "";

    private static final int PAGE = 500;

    /** Others wait while a script runs: this many take about a millisecond. */
    private static final int BATCH = 250;

    private final RedisKeys keys;
    private final DirectoryStorage storage;

    RedisListing(RedisKeys keys, DirectoryStorage storage) {
        this.keys = keys;
        this.storage = storage;
    }

    /** Empty if there is no such cache, or its wipe has begun; also in a root that this process does not have. */
    Optional<Standing> find(RedisConnection connection, CacheId id) {
        return find(connection, List.of(id)).stream().map(Found::standing).findFirst();
    }

    /** Those of many that are there, in their order; Redis is asked once for each batch. */
    Stream<Found> find(Supplier<RedisConnection> connection, Stream<CacheId> ids) {
        Iterator<CacheId> all = ids.iterator();
        return Stream.iterate(batch(all), batch -> !batch.isEmpty(), last -> batch(all))
                .flatMap(batch -> find(connection.get(), batch).stream())
                .onClose(ids::close);
    }

    private static List<CacheId> batch(Iterator<CacheId> ids) {
        List<CacheId> batch = new ArrayList<>(BATCH);
        while (ids.hasNext() && batch.size() < BATCH) {
            batch.add(ids.next());
        }
        return batch;
    }

    private List<Found> find(RedisConnection connection, List<CacheId> ids) {
        List<String> names = new ArrayList<>(ids.size() + 1);
        names.add(keys.epoch());
        ids.forEach(id -> names.add(keys.cache(id)));
        Answer answer = connection.run(RedisScript.FIND, names);
        List<Found> found = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            CacheId id = ids.get(i);
            standing(id, answer.list(i)).ifPresent(standing -> found.add(new Found(id, standing)));
        }
        return found;
    }

    /** @param told location, root, lock, owners; nothing if it is not there */
    private Optional<Standing> standing(CacheId id, List<String> told) {
        if (told.isEmpty()) {
            return Optional.empty();
        }
        boolean here = told.get(1).equals(storage.root());
        if (here && !storage.isThere(id)) {
            return Optional.empty();
        }
        String lock = told.get(2);
        return Optional.of(new Standing(
                owners(told, 3), !lock.isEmpty(), LockStamp.end(lock), here ? null : URI.create(told.get(0))));
    }

    /** Owners and what their leases say, by turns. */
    static List<CacheOwner> owners(List<String> texts, int from) {
        List<CacheOwner> owners = new ArrayList<>();
        for (int i = from; i < texts.size(); i += 2) {
            owners.add(Incarnation.describe(texts.get(i), texts.get(i + 1)));
        }
        return owners;
    }

    /** Page by page, in the order of ids. */
    Stream<CacheId> all(Supplier<RedisConnection> connection) {
        return Stream.iterate(
                        page(connection.get(), null, PAGE, ALL_ROOTS),
                        page -> !page.isEmpty(),
                        page -> page(connection.get(), page.get(page.size() - 1), PAGE, ALL_ROOTS))
                .flatMap(List::stream);
    }

    /** @param root the one whose caches are wanted, or {@link #ALL_ROOTS} */
    List<CacheId> page(RedisConnection connection, @Nullable CacheId after, int limit, String root) {
        Answer answer = connection.run(
                RedisScript.PAGE,
                List.of(keys.epoch(), keys.roots()),
                after == null ? "-inf" : after.time().toEpochMilli(),
                after == null ? "" : after,
                limit,
                root);
        return answer.texts().stream().map(CacheId::of).toList();
    }
}
