// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheUsage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Lists, locks, unlocks, sweeps and evicts cache directories. Over JMX nobody is known, so what may be shown to
 * authorized users only is masked there. Every operation returns a value: a {@code void} one could not be given a
 * status by {@link CacheDirectoriesEndpointWebExtension}.
 */
@Endpoint(id = "cachedirectories", defaultAccess = Access.UNRESTRICTED)
public class CacheDirectoriesEndpoint {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAXIMUM_LIMIT = 1000;

    /** Beyond this a lock might as well have no end; far beyond it, times overflow. */
    private static final Duration LONGEST_LOCK = Duration.ofDays(36_500);

    private final CacheManager manager;
    private final ValueMask mask;

    /** @param showValues when metadata values and owners are shown */
    public CacheDirectoriesEndpoint(CacheManager manager, Show showValues) {
        this.manager = manager;
        this.mask = ValueMask.of(showValues.isShown(false));
    }

    /**
     * A page of the directories.
     *
     * @param limit how many, 1 to 1,000; 100 if null
     * @param after the last id of the page before; null for the first page
     */
    @ReadOperation
    public CacheDirectoryPage directories(@Nullable Integer limit, @Nullable String after) {
        return directories(limit, after, mask);
    }

    CacheDirectoryPage directories(@Nullable Integer limit, @Nullable String after, ValueMask mask) {
        int most = limit == null ? DEFAULT_LIMIT : limit;
        if (most < 1 || most > MAXIMUM_LIMIT) {
            throw invalid("The limit is 1 to " + MAXIMUM_LIMIT + ", not " + most);
        }
        List<CacheDescription> page = manager.list(after == null ? null : id(after), most);
        String next = page.size() < most ? null : page.get(most - 1).id().value();
        return new CacheDirectoryPage(
                page.stream()
                        .map(description -> CacheDirectoryDescriptor.of(description, mask))
                        .toList(),
                next);
    }

    /** One directory, with what is in it and who holds it. */
    @ReadOperation
    public CacheDirectoryDescriptor directory(@Selector String id) {
        return directory(id, mask);
    }

    CacheDirectoryDescriptor directory(String id, ValueMask mask) {
        CacheId known = id(id);
        CacheDescription description = description(known);
        return CacheDirectoryDescriptor.of(description, mask, usage(known));
    }

    /** Null for one of another root, which is known and cannot be looked into from here. */
    private @Nullable CacheUsage usage(CacheId id) {
        try {
            return manager.usage(id);
        } catch (CacheNotFoundException notHere) {
            if (manager.find(id).isEmpty()) {
                throw notHere;
            }
            return null;
        }
    }

    /**
     * Locks or unlocks a directory.
     *
     * @param locked boxed, since JMX describes a primitive parameter as any object
     * @param atMost how long the lock lasts, null for no end
     */
    @WriteOperation
    public CacheDirectoryDescriptor changeLock(@Selector String id, Boolean locked, @Nullable Duration atMost) {
        return changeLock(id, locked, atMost, mask);
    }

    CacheDirectoryDescriptor changeLock(String id, boolean locked, @Nullable Duration atMost, ValueMask mask) {
        CacheId known = id(id);
        if (locked) {
            lock(known, atMost);
            return CacheDirectoryDescriptor.of(description(known), mask, false);
        }
        if (atMost != null) {
            throw invalid("A time is for a lock: leave atMost out, or set locked to true");
        }
        CacheDescription before = description(known);
        boolean wiped = manager.unlock(known);
        return CacheDirectoryDescriptor.of(manager.find(known).orElseGet(() -> unlocked(before)), mask, wiped);
    }

    private void lock(CacheId id, @Nullable Duration atMost) {
        if (atMost == null) {
            manager.lock(id);
            return;
        }
        if (atMost.isNegative() || atMost.isZero() || atMost.compareTo(LONGEST_LOCK) > 0) {
            throw invalid("The time atMost is more than zero and at most 36,500 days, not " + atMost
                    + ". Leave it out for a lock without an end");
        }
        manager.lock(id, atMost);
    }

    /** What is told of a directory that went with its lock. */
    private static CacheDescription unlocked(CacheDescription before) {
        return new CacheDescription(
                before.id(),
                before.location(),
                before.storage(),
                false,
                null,
                List.of(),
                before.createdAt(),
                before.metadata());
    }

    /** Sweeps now. */
    @WriteOperation
    public CacheSweepDescriptor sweep() {
        return CacheSweepDescriptor.of(manager.sweep());
    }

    /**
     * Evicts a directory, also a locked one.
     *
     * @param force whether also while it is referenced; its holders then learn that it is lost
     */
    @DeleteOperation
    public CacheEvictionDescriptor evict(@Selector String id, @Nullable Boolean force) {
        try {
            return evictOrThrow(id, force);
        } catch (CacheInUseException held) {
            // without its cause, which names the owners
            throw new IllegalStateException(mask.message(held));
        }
    }

    /** @throws CacheInUseException if it is referenced, and not by force */
    CacheEvictionDescriptor evictOrThrow(String id, @Nullable Boolean force) {
        CacheId known = id(id);
        boolean forced = Boolean.TRUE.equals(force);
        if (forced) {
            manager.evictForcibly(known);
        } else {
            manager.evict(known);
        }
        return new CacheEvictionDescriptor(known.value(), forced);
    }

    private CacheDescription description(CacheId id) {
        return manager.find(id).orElseThrow(() -> new CacheNotFoundException(id));
    }

    private static CacheId id(String text) {
        try {
            return CacheId.of(text);
        } catch (IllegalArgumentException notAnId) {
            throw invalid(String.valueOf(notAnId.getMessage()));
        }
    }

    private static InvalidEndpointRequestException invalid(String message) {
        return new InvalidEndpointRequestException(message, message);
    }
}
