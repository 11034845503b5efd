// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The six rules over Redis, while processes, connections and Redis itself fail. */
class ChaosTests {

    private static final int ROUND = 25;

    @TempDir(factory = QuickFolder.class)
    Path folder;

    @Test
    @Tag("crash")
    void failuresOfProcessesConnectionsAndRedisBreakNoRule() throws Exception {
        run(Integer.getInteger("monolith.chaos.seconds", 120));
    }

    @Test
    @Tag("soak")
    void aLongTimeOfFailuresBreaksNoRule() throws Exception {
        run(Integer.getInteger("monolith.chaos.seconds", 900));
    }

    private void run(int seconds) throws IOException, InterruptedException {
        long seed = Long.getLong("monolith.chaos.seed", System.nanoTime());
        System.out.println("-Dmonolith.chaos.seed=" + seed + " -Dmonolith.chaos.seconds=" + seconds);
        Random seeds = new Random(seed);
        Totals totals = new Totals();
        long begin = System.nanoTime();
        for (int number = 0; NANOSECONDS.toSeconds(System.nanoTime() - begin) < seconds; number++) {
            Path place = Files.createDirectory(folder.resolve("round-" + number));
            ChaosRound round = new ChaosRound(place, seeds.nextLong(), Duration.ofSeconds(Math.min(ROUND, seconds)));
            List<String> violations = round.run();
            totals.add(round);
            assertThat(violations)
                    .as(
                            "in round %s after %s s, seed %s:%n%s",
                            number,
                            NANOSECONDS.toSeconds(System.nanoTime() - begin),
                            seed,
                            round.history().trail(violations))
                    .isEmpty();
            System.out.println(totals);
            FileSystemUtils.deleteRecursively(place);
        }
        assertThat(totals.wiped).as("wipes, without which nothing was tested").isPositive();
    }

    private static final class Totals {

        private final Map<Fault.Kind, Integer> faults = new EnumMap<>(Fault.Kind.class);
        private int rounds;
        private long operations;
        private long failed;
        private long wiped;
        private long lost;
        private long recoveries;

        void add(ChaosRound round) {
            rounds++;
            round.faults().forEach((kind, count) -> faults.merge(kind, count, Integer::sum));
            operations += round.history().actions.size();
            for (Event event : round.history().events) {
                switch (event.phase()) {
                    case FAILED -> failed++;
                    case WIPED -> wiped++;
                    case LOST -> lost++;
                    case RENEWED -> recoveries += event.detail().endsWith("recovery") ? 1 : 0;
                    default -> {
                        // not counted
                    }
                }
            }
        }

        @Override
        public String toString() {
            return rounds + " rounds, " + operations + " operations, of which " + failed + " failed; " + wiped
                    + " caches wiped, " + lost + " lost, " + recoveries + " recoveries; "
                    + faults.values().stream().mapToInt(Integer::intValue).sum() + " faults " + faults;
        }
    }
}
