// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import io.monolithcache.owner.RootLocator;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps entries on the local disk, within limits, for all threads and processes that share a folder. An entry that was
 * stored survives the end of the process, however it ends; a read gives what was stored, or nothing. Safe for use by
 * several threads.
 *
 * <p>Keys are any text. Every method throws a {@link StoreException} if the disk does not do what it is told, and an
 * {@link IllegalStateException} once the store is closed.
 */
public interface Store extends AutoCloseable {

    /** A store in that folder, yet to be configured. */
    static StoreBuilder in(Path root) {
        return new StoreBuilder(new StorePlace(root, null));
    }

    /**
     * A store in a folder of that name, where cache directories lie by default: with the application's name in the
     * user's cache folder, or, for users without one, in the temporary folder.
     *
     * @param applicationName made a safe folder name; null if it has none
     */
    static StoreBuilder inCacheFolder(@Nullable String applicationName, String folder) {
        RootLocator.Place place = RootLocator.ofThisProcess().find(applicationName);
        return new StoreBuilder(new StorePlace(place.root().resolve(folder), place.ownFolder()));
    }

    /** What people call it; by default the name of its folder. */
    String name();

    /** The value under a key; to be closed. Empty if there is none, it is too old, or it is corrupt. */
    Optional<Entry> find(String key);

    /** Whether there is a value under a key; it may be too old, or corrupt. Does not count as a read. */
    boolean contains(String key);

    /**
     * Stores a value, or replaces the one that is there. When this returns true, it survives the end of the process.
     *
     * @param tags by which it can be evicted with others
     * @return false if it was not stored because there is no room, and none could be made; the one that was there is
     *     then removed
     * @throws EntryTooLargeException if it is larger than the whole store may be
     */
    boolean put(String key, Content content, Set<String> tags);

    /** As {@link #put(String, Content, Set)}, without tags. */
    default boolean put(String key, Content content) {
        return put(key, content, Set.of());
    }

    /**
     * The value under a key, which is made if there is none: once, by one caller over all threads and processes, while
     * the others wait. Whoever has waited for too long, by setting, makes it himself. If there is no room it is made
     * for this caller alone and not stored.
     *
     * @return to be closed
     * @throws Exception of the loader; it was then asked by this very caller
     */
    Entry getOrLoad(String key, Loader loader, Set<String> tags) throws Exception;

    /** As {@link #getOrLoad(String, Loader, Set)}, without tags. */
    default Entry getOrLoad(String key, Loader loader) throws Exception {
        return getOrLoad(key, loader, Set.of());
    }

    /**
     * Removes a value, also a locked one.
     *
     * @return whether there was one
     */
    boolean remove(String key);

    /**
     * Keeps an entry from being evicted, until it is unlocked or removed; survives the end of the process.
     *
     * @return whether there is one
     */
    boolean lock(String key);

    /**
     * Lets an entry be evicted again.
     *
     * @return whether there is one
     */
    boolean unlock(String key);

    /** All entries, in the order of their hashes, read as they are asked for; new ones may be missing or not. */
    Stream<EntryDescription> entries();

    /** As {@link #entries()}, those after that hash. */
    Stream<EntryDescription> entriesAfter(String hash);

    /**
     * As {@link #entries()}, those that are selected.
     *
     * @param after the hash that they come after; null for all
     */
    Stream<EntryDescription> entries(Selection selection, @Nullable String after);

    /** What is known of the entry of that name: 64 hexadecimal digits. */
    Optional<EntryDescription> describe(String hash);

    /**
     * Evicts entries that are neither locked nor in use.
     *
     * @param isDryRun whether nothing is removed, and the report tells what would be
     */
    EvictionReport evict(Selection selection, boolean isDryRun);

    /**
     * Evicts one entry, unless it is locked or in use; the report then says that it was kept.
     *
     * @param hash names it: 64 hexadecimal digits
     * @param isDryRun whether nothing is removed, and the report tells what would be
     * @return of no entry, evicted or kept, if there is none of that name
     */
    EvictionReport evict(String hash, boolean isDryRun);

    /**
     * What would be evicted to make room for so much more, by the policy of this store.
     *
     * @param bytes on the disk
     */
    EvictionReport wouldEvict(long bytes);

    /** The files that are named by their content. */
    ContentFiles files();

    /** Removes what is too old or idle, and writes the index. Done in the background too. */
    EvictionReport sweep();

    /** How it is now. Opens nothing: of a store that was not used yet, it tells where it would be. */
    StoreStatus status();

    /** Ends what this process does with the store; waits for what is being written. Open entries stay readable. */
    @Override
    void close();

    /**
     * Which entries are meant.
     *
     * @param prefix of the key; empty for any
     * @param tag that they carry; empty for any
     * @param condition that holds for them as well
     */
    record Selection(String prefix, String tag, Predicate<EntryDescription> condition) {

        /** Every entry. */
        public static final Selection ALL = new Selection("", "", entry -> true);

        /** Entries whose keys begin so. */
        public static Selection prefix(String prefix) {
            return new Selection(prefix, "", entry -> true);
        }

        /** Entries that carry a tag. */
        public static Selection tag(String tag) {
            return new Selection("", tag, entry -> true);
        }

        /** The one entry of that name: 64 hexadecimal digits. */
        public static Selection hash(String hash) {
            return new Selection("", "", entry -> entry.hash().equals(hash));
        }
    }
}
