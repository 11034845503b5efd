// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Internal seam: who holds which cache. One instance is one owner. Rules that hold under any interleaving and any
 * crash:
 *
 * <ol>
 *   <li>A cache with a live reference is never wiped, one with a lock never automatically; a forced evict is the one
 *       exception.
 *   <li>A cache with neither is wiped by exactly one party; if that party dies half-way, the next sweep finishes.
 *   <li>An attach to a cache whose wipe has begun fails; nothing is revived.
 *   <li>A process that is killed at any instruction leaves nothing that a sweep does not reclaim, and blocks nobody.
 *   <li>An owner has one reference on a cache, however many handles; the manager counts those.
 *   <li>A registry that cannot be reached never leads to a wipe.
 * </ol>
 *
 * <p>Safe for use by several threads, but the manager lets one thread at a time work on one id. Everything but
 * {@link #start}, {@link #status}, {@link #find}, {@link #ids} and {@link #sweep} brings the owner to life, if it is
 * not.
 */
public interface ReferenceRegistry extends AutoCloseable {

    /** Hears what this registry did or learned, in the thread that did. */
    @FunctionalInterface
    interface Listener {

        /**
         * A cache has vanished.
         *
         * @param trash what was left of it, and is to be deleted now or later
         */
        void wiped(CacheId id, DirectoryStorage.Trash trash);

        /** A cache has vanished, and nothing is left of it; see {@link #deleting}. */
        default void wiped(CacheId id) {
            wiped(id, () -> {});
        }

        /** Is to run the deletion of what a cache had, now, for whom everybody knows already that it has vanished. */
        default void deleting(CacheId id, Runnable deletion) {
            deletion.run();
        }

        /** The rest of a wipe whose caller need not wait for it, because the cache is gone for everybody already. */
        default void inBackground(Runnable work) {
            work.run();
        }

        /** This owner's reference does not stand any more: evicted by force, or taken while this process was paused. */
        default void lost(CacheId id) {}
    }

    /**
     * Who stands behind a cache.
     *
     * @param lockedUntil the end of the longest lock, null if it has none
     * @param elsewhere where it is, if that is in another root than this owner's
     * @param metadata the metadata, where the registry has them at hand; null where the storage is to be asked
     */
    record Standing(
            List<CacheOwner> owners,
            boolean locked,
            @Nullable Instant lockedUntil,
            @Nullable URI elsewhere,
            @Nullable Map<String, Object> metadata) {

        public Standing(
                List<CacheOwner> owners, boolean locked, @Nullable Instant lockedUntil, @Nullable URI elsewhere) {
            this(owners, locked, lockedUntil, elsewhere, null);
        }
    }

    /** A cache, and who stands behind it. */
    record Found(CacheId id, Standing standing) {}

    /**
     * Looks at what is there, and writes nothing.
     *
     * @return whether there is something that a sweep should look at
     * @throws CacheRootException if what is there cannot be used
     */
    boolean start(Listener listener);

    /** Whether the registry works; asks whom it depends on. @throws CacheBackendException if that does not answer */
    RegistryStatus status();

    /** The name of this owner; null while it is not alive. */
    @Nullable String owner();

    /**
     * Makes a cache that this owner references.
     *
     * @return false if this id cannot be had: take another, never the same again
     */
    boolean create(CacheId id, Map<String, Object> metadata);

    /** Adds this owner's reference. @throws CacheNotFoundException if there is no such cache, or its wipe has begun */
    void attach(CacheId id);

    /**
     * Drops this owner's reference, and wipes the cache if that was the last one and no lock stands.
     *
     * @throws CacheLostException if the reference was not there any more
     */
    void release(CacheId id);

    /** A release that is on its way to whom it concerns. */
    @FunctionalInterface
    interface Release {

        /**
         * Waits for its end; to be called once, by whoever works on this id next, or else soon.
         *
         * @throws CacheLostException if the reference was not there any more
         * @throws CacheBackendException if it could not be told: the reference may stand, and is to be released again
         */
        void await();
    }

    /**
     * Does the same as {@link #release}, but need not wait until it is told. What this owner asks about the cache from
     * then on is answered as if it were.
     *
     * @return what is to be awaited, or null if all is done
     */
    default @Nullable Release beginRelease(CacheId id) {
        release(id);
        return null;
    }

    /** Whether this owner's reference still stands. */
    boolean holds(CacheId id);

    /**
     * Refuses to go on while others may take this owner for dead.
     *
     * @throws CacheBackendException until it has recovered
     */
    default void requireAlive() {}

    /**
     * Keeps a cache from being wiped automatically.
     *
     * @param until null for no end; a lock never shortens another
     * @throws CacheNotFoundException if there is no such cache
     */
    void lock(CacheId id, @Nullable Instant until);

    /**
     * Removes every lock, and wipes the cache if nobody references it.
     *
     * @return whether that wiped it
     * @throws CacheNotFoundException if there is no such cache
     */
    boolean unlock(CacheId id);

    /**
     * Wipes a cache that nobody references.
     *
     * @throws CacheInUseException if somebody does; then nothing has changed
     * @throws CacheNotFoundException if there is no such cache
     */
    void evict(CacheId id);

    /** Wipes a cache, referenced or not. @throws CacheNotFoundException if there is no such cache */
    void evictForcibly(CacheId id);

    /** Empty if there is no such cache, or its wipe has begun. */
    Optional<Standing> find(CacheId id);

    /**
     * The same of many, lazily and in their order; those that are not there are left out. A registry that is far away
     * is asked for some hundred at once. To be closed, which closes what was given.
     */
    default Stream<Found> find(Stream<CacheId> ids) {
        return ids.flatMap(id -> find(id).map(standing -> new Found(id, standing)).stream());
    }

    /** All caches, lazily and in no order; to be closed. */
    Stream<CacheId> ids();

    /** A page in the order of ids, in bounded memory. */
    List<CacheId> ids(@Nullable CacheId after, int limit);

    /** Drops what dead owners held, wipes what nobody needs, empties the trash; one sweep per root at a time. */
    SweepReport sweep();

    /** Ends the owner; whatever it still references goes with it. */
    @Override
    void close();
}
