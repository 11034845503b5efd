// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheManagerBuilder;
import io.monolithcache.directory.WipeMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Who keeps the references of a round, as a child is told: a word of its command line. */
sealed interface Setup permits FileSetup, RedisSetup, S3Setup {

    static Setup parse(String word) {
        if (word.equals(FileSetup.WORD)) {
            return new FileSetup();
        }
        return word.startsWith(S3Setup.WORD) ? S3Setup.of(word) : RedisSetup.of(word);
    }

    /** The word that {@link #parse} understands. */
    String word();

    int managers(RandomGenerator random);

    int threads(RandomGenerator random);

    Duration sweepInterval(RandomGenerator random);

    /** Whether an operation may fail because the registry cannot be reached. */
    boolean mayFail();

    /** How long a process may be silent before others may take it for dead; of no meaning where nothing lapses. */
    Duration lease();

    /** How long what was sent may be on its way: longer than any connection is stalled. */
    Duration late();

    /** Whether whoever locks or unlocks a cache by its id has a reference on it meanwhile. */
    boolean locksByReference();

    /** What a child sees of the caches without asking its managers. */
    Sight sight(Path root);

    /** The rest of a thread between two steps: what is to be on time must not starve. */
    Duration rest(RandomGenerator random);

    /** Adds the registry to a manager with that name in the journal. */
    CacheManagerBuilder with(CacheManagerBuilder builder, String name, Journal journal);

    default CacheManager manager(
            Path root, String name, Journal journal, CacheListener listener, RandomGenerator random) {
        CacheManagerBuilder builder = CacheManager.builder()
                .root(root)
                .sweepInterval(sweepInterval(random))
                .wipe(random.nextBoolean() ? WipeMode.SYNCHRONOUS : WipeMode.BACKGROUND)
                .listener(listener);
        return with(builder, name, journal).build();
    }
}
