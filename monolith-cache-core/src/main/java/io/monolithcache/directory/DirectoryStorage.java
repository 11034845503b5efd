// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.WritableResource;

/**
 * Internal seam: where the bytes of cache directories are. It decides nothing; the {@link ReferenceRegistry} drives it,
 * because each registry orders its steps differently against the disk.
 *
 * <p>Implementations are safe for use by several threads, and throw {@link CacheBackendException} when the storage
 * fails. Names are checked with {@link RelativeName} before they come here.
 */
public interface DirectoryStorage extends AutoCloseable {

    /** What a look at a directory shows, see {@link #look}. A mark says nothing of a lock, nor a lock of a mark. */
    enum Look {
        /** There is none. */
        GONE,
        /** A wipe of it has begun. */
        MARKED,
        /** A wipe of it has begun, and its metadata say that it is locked. */
        MARKED_AND_LOCKED,
        /** Its metadata say that it is locked, by a registry that could forget that; see {@link #lock}. */
        LOCKED,
        /** It is there, neither marked nor locked. */
        FREE;

        /** What there is where there is a directory. */
        public static Look of(boolean marked, boolean locked) {
            if (marked) {
                return locked ? MARKED_AND_LOCKED : MARKED;
            }
            return locked ? LOCKED : FREE;
        }

        public boolean isThere() {
            return this != GONE;
        }

        public boolean isMarked() {
            return this == MARKED || this == MARKED_AND_LOCKED;
        }

        public boolean isLocked() {
            return this == LOCKED || this == MARKED_AND_LOCKED;
        }
    }

    /** A directory that has vanished from its place, and whose space is still to be given back. */
    @FunctionalInterface
    interface Trash {

        /** Deletes it, never following links; may be called again, and by several parties. */
        void delete();
    }

    /** What a description calls this storage. */
    String name();

    URI location(CacheId id);

    /** The directory as a path. @throws UnsupportedOperationException if this storage has no paths */
    Path path(CacheId id);

    /** The cache at a location. @throws IllegalArgumentException if it is not in this storage */
    CacheId idOf(URI location);

    /**
     * Looks at the root, and writes nothing.
     *
     * @return whether somebody worked here before
     * @throws CacheRootException if what is there cannot be used
     */
    boolean start();

    /** The name of the root, random, and another one once it is replaced; null while there is none. */
    @Nullable String root();

    /** Makes the root ready for caches, if it is not, and tells its name. */
    String openRoot();

    /** Whether the root is the one that this process knows: only then may anything in it be swept. */
    boolean isIntact();

    /**
     * Begins to work for an owner of this process, who has just come to life; the root is ready. Again, for one that
     * others may have taken for dead, and cleaned up after.
     */
    void open(String owner);

    /** An empty directory that is ready under a name of its own, invisible; may be made ahead. */
    String prepare();

    /** Writes the first metadata into a prepared directory. One that cannot be filled is removed. */
    void fill(String prepared, CacheId id, Map<String, Object> metadata);

    /** Makes a prepared directory visible under its id, at once. One that cannot be published is removed. */
    void publish(String prepared, CacheId id);

    default void publish(String prepared, CacheId id, Map<String, Object> metadata) {
        fill(prepared, id, metadata);
        publish(prepared, id);
    }

    /** Removes a prepared directory that is not needed, if it is there. */
    void discard(String prepared);

    /** The owners, dead or alive, who may have prepared something. */
    List<String> preparers();

    /** Removes whatever an owner had prepared and not published. */
    void removePrepared(String owner);

    /** Whether the directory is there, marked or not; costs next to nothing. */
    boolean isThere(CacheId id);

    /**
     * What is there.
     *
     * @param now decides whether a lock that the metadata know still stands
     */
    Look look(CacheId id, Instant now);

    default Look look(CacheId id) {
        return look(id, Instant.now());
    }

    /**
     * Leaves a mark in the directory that its wipe has begun; for registries that keep their state elsewhere. A mark is
     * that of one wiper. A directory is marked while it has one or more.
     *
     * @param wiper a name that no other wipe ever has, and that a file may have
     * @return false if there is no directory
     */
    boolean mark(CacheId id, String wiper);

    /**
     * Whether a directory is there that has a mark, whoever's; costs next to nothing.
     *
     * @throws CacheBackendException if the storage cannot tell
     */
    boolean isMarked(CacheId id);

    /**
     * Takes the mark of one wiper away, if it is there, and leaves those of others: for that very wiper, who gives up.
     * What a storage could only mark without a name stays.
     */
    void unmark(CacheId id, String wiper);

    /** Takes all marks away, whoever put them there: for a holder, who has turned the wipe back. */
    void unmark(CacheId id);

    /** Makes a directory vanish at once; null if there is none. */
    @Nullable Trash trash(CacheId id);

    /**
     * Deletes what lies in the trash, whoever put it there. What cannot be deleted stays there, which is logged once.
     *
     * @return the number of entries that were deleted; 0 if one could not be
     */
    int purge();

    /** The ids of all directories, lazily and in no order; to be closed. */
    Stream<CacheId> list();

    /** What {@code publish} and {@code updateMetadata} wrote; empty if it is missing or unreadable. */
    Map<String, Object> metadata(CacheId id);

    /**
     * Changes the metadata, atomically across threads and processes.
     *
     * @throws CacheNotFoundException if there is no such directory
     */
    void updateMetadata(CacheId id, UnaryOperator<Map<String, Object>> change);

    /**
     * Notes a lock in the metadata, for registries that could forget it. It never shortens one that is there.
     *
     * @param until null for no end
     * @throws CacheNotFoundException if there is no such directory
     */
    default void lock(CacheId id, @Nullable Instant until) {
        updateMetadata(id, stored -> locked(id, stored, until));
    }

    /** Metadata with such a note. */
    static Map<String, Object> locked(CacheId id, Map<String, Object> metadata, @Nullable Instant until) {
        return Metadata.locked(id, metadata, until);
    }

    /** The end of a lock that metadata note; null if it has none, or there is none. */
    static @Nullable Instant lockEnd(Map<String, Object> metadata) {
        return Metadata.lockEnd(metadata);
    }

    /** Whether metadata note a lock that still stands, see {@link #lock}. */
    static boolean isLocked(Map<String, Object> metadata, Instant now) {
        return Metadata.isLocked(metadata, now);
    }

    /** Takes that note away. @throws CacheNotFoundException if there is no such directory */
    default void unlock(CacheId id) {
        updateMetadata(id, stored -> Metadata.unlocked(id, stored));
    }

    /**
     * A file, which need not exist.
     *
     * @param stillOpen throws when the handle that this resource came from may not be used any more
     */
    WritableResource resource(CacheId id, RelativeName name, Runnable stillOpen);

    Stream<String> resources(CacheId id);

    boolean exists(CacheId id, RelativeName name);

    void delete(CacheId id, RelativeName name);

    Path download(CacheId id, RelativeName name);

    void upload(CacheId id, Path source, RelativeName name, Runnable stillOpen);

    /** Nobody in this process works with the cache any more: what was kept here for it may go. */
    default void letGo(CacheId id) {}

    CacheUsage usage(CacheId id);

    /** A number that is another one after anything in the directory has changed; see leak reporting. */
    long changes(CacheId id);

    /**
     * Looks whether a cache could be created here now, and writes nothing.
     *
     * @throws CacheBackendException if not
     */
    StorageStatus status();

    /** Lets go of what is held open. */
    @Override
    void close();
}
