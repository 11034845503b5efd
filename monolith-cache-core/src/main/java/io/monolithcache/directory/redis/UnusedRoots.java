// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.time.Duration;
import java.util.List;

/**
 * Lets Redis forget the roots that nobody uses any more, of whichever server; else those of containers, which have
 * another one after each start, would stay for ever. One with records is kept for a day after its last owner. That
 * harms no more than an emptied Redis does: what is still there comes back, with its locks, when somebody sweeps it.
 */
final class UnusedRoots {

    private static final Duration KEPT = Duration.ofDays(1);

    /** It looks at every root. */
    private static final long APART = Duration.ofHours(1).toNanos();

    private static final int BATCH = 1_000;

    private final RedisKeys keys;
    private boolean looked;
    private long last;

    UnusedRoots(RedisKeys keys) {
        this.keys = keys;
    }

    /** Does so at the first call, and then once an hour; for one thread at a time. */
    void forget(RedisConnection connection) {
        long start = System.nanoTime();
        if (looked && start - last < APART) {
            return;
        }
        Answer answer;
        do {
            answer = connection.run(
                    RedisScript.VACATE, List.of(keys.epoch(), keys.roots(), keys.unused()), KEPT.toMillis(), BATCH);
        } while (answer.is("MORE"));
        // in a young epoch it is too early to say who lives
        looked = !answer.is("LATER");
        last = start;
    }
}
