// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * Something that goes wrong while children work on one registry.
 *
 * @param at when it begins, from the begin of the round
 * @param length until it is mended; zero for what is over at once
 */
record Fault(Duration at, Kind kind, int child, Duration length) {

    /**
     * What goes wrong, how often among a hundred over Redis and over S3, and for how long, in milliseconds, where a
     * lease is a second.
     */
    enum Kind {
        /** SIGKILL, and another one in its place. */
        KILL(22, 62, 0, 0),
        /** SIGSTOP, for less than a lease. */
        STOP_BRIEFLY(8, 5, 100, 800),
        STOP_LONG(12, 7, 1_200, 2_500),
        /** The connections of a child break, and are refused for a while. */
        CUT_BRIEFLY(8, 5, 10, 600),
        CUT_LONG(8, 5, 1_200, 2_500),
        /** They stay, and nothing comes through. */
        STALL_BRIEFLY(8, 4, 50, 700),
        STALL_LONG(8, 5, 1_000, 2_500),
        /** Whatever comes through them takes longer. */
        SLOW(0, 4, 300, 2_000),
        /** They break once. */
        BREAK(8, 3, 0, 0),
        SCRIPT_FLUSH(3, 0, 0, 0),
        CLIENT_KILL(5, 0, 0, 0),
        /** What a later restart falls back to is what Redis has written until now. */
        SNAPSHOT(2, 0, 0, 0),
        FLUSHALL(3, 0, 0, 0),
        /** SIGKILL of Redis, which comes back with all that it knew. */
        RESTART(2, 0, 0, 900),
        RESTART_EMPTY(2, 0, 0, 900),
        /** It comes back with what it knew at the last snapshot, as after a failover with lost writes. */
        RESTART_OLDER(1, 0, 0, 900);

        private final int overRedis;
        private final int overS3;
        private final int shortest;
        private final int longest;

        Kind(int overRedis, int overS3, int shortest, int longest) {
            this.overRedis = overRedis;
            this.overS3 = overS3;
            this.shortest = shortest;
            this.longest = longest;
        }

        private static Kind random(RandomGenerator random, ToIntFunction<Kind> weight) {
            int dice = random.nextInt(100);
            for (Kind kind : values()) {
                dice -= weight.applyAsInt(kind);
                if (dice < 0) {
                    return kind;
                }
            }
            throw new IllegalStateException("The weights are not a hundred");
        }

        private Fault at(long time, int child, double factor, RandomGenerator random) {
            long lasts = longest == 0 ? 0 : random.nextInt(shortest, longest);
            return new Fault(Duration.ofMillis(time), this, child, Duration.ofMillis((long) (lasts * factor)));
        }
    }

    /** Never two within this time of each other. */
    private static final int SHORTEST_PAUSE = 20;

    private static final int LONGEST_PAUSE = 900;

    /** The same for the same seed. */
    static List<Fault> overRedis(RandomGenerator random, Duration length, int children) {
        List<Fault> faults = new ArrayList<>();
        long now = 0;
        while (true) {
            now += random.nextInt(SHORTEST_PAUSE, LONGEST_PAUSE);
            if (now > length.toMillis()) {
                return faults;
            }
            Kind kind = Kind.random(random, any -> any.overRedis);
            faults.add(kind.at(now, random.nextInt(children), 1, random));
        }
    }

    /** So many kills, and what goes wrong in between. */
    static List<Fault> overS3(RandomGenerator random, int kills, int children) {
        List<Fault> faults = new ArrayList<>();
        long now = 0;
        int killed = 0;
        while (killed < kills) {
            now += random.nextInt(SHORTEST_PAUSE, LONGEST_PAUSE / 2);
            Kind kind = Kind.random(random, any -> any.overS3);
            killed += kind == Kind.KILL ? 1 : 0;
            faults.add(kind.at(now, random.nextInt(children), S3Setup.FAULT_FACTOR, random));
        }
        return faults;
    }
}
