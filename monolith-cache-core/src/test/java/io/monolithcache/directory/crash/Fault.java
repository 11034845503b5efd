// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Something that goes wrong while children work on one Redis.
 *
 * @param at when it begins, from the begin of the round
 * @param length until it is mended; zero for what is over at once
 */
record Fault(Duration at, Kind kind, int child, Duration length) {

    /** What goes wrong, how often among a hundred, and for how long, in milliseconds. */
    enum Kind {
        /** SIGKILL, and another one in its place. */
        KILL(22, 0, 0),
        /** SIGSTOP, for less than a lease. */
        STOP_BRIEFLY(8, 100, 800),
        STOP_LONG(12, 1_200, 2_500),
        /** The connections of a child break, and are refused for a while. */
        CUT_BRIEFLY(8, 10, 600),
        CUT_LONG(8, 1_200, 2_500),
        /** They stay, and nothing comes through. */
        STALL_BRIEFLY(8, 50, 700),
        STALL_LONG(8, 1_000, 2_500),
        /** They break once. */
        BREAK(8, 0, 0),
        SCRIPT_FLUSH(3, 0, 0),
        CLIENT_KILL(5, 0, 0),
        /** What a later restart falls back to is what Redis has written until now. */
        SNAPSHOT(2, 0, 0),
        FLUSHALL(3, 0, 0),
        /** SIGKILL of Redis, which comes back with all that it knew. */
        RESTART(2, 0, 900),
        RESTART_EMPTY(2, 0, 900),
        /** It comes back with what it knew at the last snapshot, as after a failover with lost writes. */
        RESTART_OLDER(1, 0, 900);

        private final int weight;
        private final int shortest;
        private final int longest;

        Kind(int weight, int shortest, int longest) {
            this.weight = weight;
            this.shortest = shortest;
            this.longest = longest;
        }

        static Kind random(RandomGenerator random) {
            int dice = random.nextInt(100);
            for (Kind kind : values()) {
                dice -= kind.weight;
                if (dice < 0) {
                    return kind;
                }
            }
            throw new IllegalStateException("The weights are not a hundred");
        }
    }

    /** Never two within this time of each other. */
    private static final int SHORTEST_PAUSE = 20;

    private static final int LONGEST_PAUSE = 900;

    /** The same for the same seed. */
    static List<Fault> schedule(RandomGenerator random, Duration length, int children) {
        List<Fault> faults = new ArrayList<>();
        long now = 0;
        while (true) {
            now += random.nextInt(SHORTEST_PAUSE, LONGEST_PAUSE);
            if (now > length.toMillis()) {
                return faults;
            }
            Kind kind = Kind.random(random);
            int child = random.nextInt(children);
            long lasts = kind.longest == 0 ? 0 : random.nextInt(kind.shortest, kind.longest);
            faults.add(new Fault(Duration.ofMillis(now), kind, child, Duration.ofMillis(lasts)));
        }
    }
}
