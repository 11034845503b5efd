// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The six rules over a bucket that keeps directories and references, while processes and connections fail. */
class S3CrashTests {

    private static final int KILLS_OF_A_ROUND = 40;

    @TempDir(factory = QuickFolder.class)
    Path folder;

    @Test
    @Tag("crash")
    void processesThatAreKilledStoppedAndCutOffBreakNoRule() throws Exception {
        run(Integer.getInteger("monolith.s3crash.kills", 12));
    }

    @Test
    @Tag("soak")
    void thousandsOfKillsBreakNoRule() throws Exception {
        run(Integer.getInteger("monolith.s3crash.kills", 2_000));
    }

    private void run(int kills) throws IOException, InterruptedException {
        long seed = Long.getLong("monolith.s3crash.seed", System.nanoTime());
        System.out.println("-Dmonolith.s3crash.seed=" + seed + " -Dmonolith.s3crash.kills=" + kills);
        Random seeds = new Random(seed);
        Totals totals = new Totals();
        long begin = System.nanoTime();
        try (S3Server server = S3Server.start()) {
            for (int done = 0; done < kills; done += KILLS_OF_A_ROUND) {
                Path place = Files.createDirectory(folder.resolve("round-" + done));
                S3Round round = new S3Round(place, server, seeds.nextLong(), Math.min(KILLS_OF_A_ROUND, kills - done));
                List<String> violations = round.run();
                totals.add(round);
                System.out.println(totals + ", " + NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s");
                assertThat(violations)
                        .as(
                                "after %s, seed %s:%n%s",
                                totals, seed, round.history().trail(violations))
                        .isEmpty();
                FileSystemUtils.deleteRecursively(place);
            }
        }
        assertThat(totals.wiped).as("wipes, without which nothing was tested").isPositive();
    }

    private static final class Totals {

        private final Map<Fault.Kind, Integer> faults = new EnumMap<>(Fault.Kind.class);
        private long operations;
        private long done;
        private long failed;
        private long wiped;
        private long lost;
        private long lives;

        void add(S3Round round) {
            round.faults().forEach((kind, count) -> faults.merge(kind, count, Integer::sum));
            operations += round.history().actions.size();
            done += round.history().actions.stream().filter(Action::isDone).count();
            for (Event event : round.history().events) {
                switch (event.phase()) {
                    case FAILED -> failed++;
                    case WIPED -> wiped++;
                    case LOST -> lost++;
                    case RENEWED -> lives += event.detail().endsWith("recovery") ? 1 : 0;
                    default -> {
                        // not counted
                    }
                }
            }
        }

        @Override
        public String toString() {
            return operations + " operations, of which " + done + " were done and " + failed + " failed; " + wiped
                    + " caches wiped, " + lost + " lost, " + lives + " owners; "
                    + faults.values().stream().mapToInt(Integer::intValue).sum() + " faults " + faults;
        }
    }
}
