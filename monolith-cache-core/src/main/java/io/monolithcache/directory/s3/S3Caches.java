// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage.Look;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which caches there are, and their metadata: {@link MetadataChain}, or a registry in S3, which has both in its states.
 */
interface S3Caches {

    /** Makes a cache visible, with its first metadata; nothing to do where a registry has done that already. */
    void create(CacheId id, Map<String, Object> metadata);

    Look look(CacheId id, Instant now);

    /** What was written last; empty if it is damaged. @throws CacheNotFoundException if there is no such cache */
    Map<String, Object> read(CacheId id);

    /**
     * Changes the metadata, atomically across threads and processes.
     *
     * @return what they are now
     * @throws CacheNotFoundException if there is no such cache
     */
    Map<String, Object> update(CacheId id, UnaryOperator<Map<String, Object>> change);

    /** Leaves a mark that the wipe of that name has begun. @return false if there is no such cache */
    boolean mark(CacheId id, String wiper);

    /** Takes that mark away. */
    void unmark(CacheId id, String wiper);

    /** Takes all marks away. */
    void unmark(CacheId id);

    /**
     * Makes a cache vanish.
     *
     * @return whether whoever called this is to delete the data; where a registry has made it vanish, always
     */
    boolean remove(CacheId id);

    /** Caches that have vanished, and whose data somebody may have left behind. */
    List<CacheId> vanished();

    /** Deletes what is left of a cache that has vanished, once its data are gone. */
    void forget(CacheId id);

    /** Deletes what is left of caches whose data were deleted just now, or before. @return of how many */
    int forgetRemains();

    /** Whether whoever knows the caches looks for data without one, so that nobody else has to. */
    boolean looksForData();

    /**
     * The caches that are there, lazily and in the order of ids.
     *
     * @param from the first of them; null for all
     */
    Stream<CacheId> list(@Nullable CacheId from);
}
