// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheOwner;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry.Standing;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Redis knows of one cache, and of all; changes nothing. */
final class RedisListing {

    static final String ALL_ROOTS = "";

    private static final int PAGE = 500;

    private final RedisKeys keys;
    private final DirectoryStorage storage;

    RedisListing(RedisKeys keys, DirectoryStorage storage) {
        this.keys = keys;
        this.storage = storage;
    }

    /** Empty if there is no such cache, or its wipe has begun; also in a root that this process does not have. */
    Optional<Standing> find(RedisConnection connection, CacheId id) {
        Answer answer = connection.run(RedisScript.FIND, List.of(keys.epoch(), keys.cache(id)));
        if (!answer.is("OK")) {
            return Optional.empty();
        }
        boolean here = answer.text(1).equals(storage.root());
        if (here && !storage.isThere(id)) {
            return Optional.empty();
        }
        String lock = answer.text(2);
        return Optional.of(new Standing(
                owners(answer, 3), !lock.isEmpty(), LockStamp.end(lock), here ? null : URI.create(answer.text(0))));
    }

    /** Owners and what their leases say, by turns. */
    static List<CacheOwner> owners(Answer answer, int from) {
        List<CacheOwner> owners = new ArrayList<>();
        List<String> texts = answer.texts();
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
