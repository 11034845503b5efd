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
sealed interface Setup permits FileSetup, RedisSetup {

    static Setup parse(String word) {
        return word.equals(FileSetup.WORD) ? new FileSetup() : RedisSetup.of(word);
    }

    /** The word that {@link #parse} understands. */
    String word();

    int managers(RandomGenerator random);

    int threads(RandomGenerator random);

    Duration sweepInterval(RandomGenerator random);

    /** Whether an operation may fail because the registry cannot be reached. */
    boolean mayFail();

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
