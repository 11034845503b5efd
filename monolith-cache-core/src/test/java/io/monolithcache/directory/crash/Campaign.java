// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** Rounds until a number of children were killed. */
final class Campaign {

    /** Short rounds kill processes that start on a root which is just being made, long ones those at work. */
    private static final int[] KILLS_OF_A_ROUND = {4, 28};

    private Campaign() {}

    static void run(Path folder, int kills) throws IOException, InterruptedException {
        long seed = Long.getLong("monolith.crash.seed", System.nanoTime());
        long begin = System.nanoTime();
        long operations = 0;
        System.out.println("-Dmonolith.crash.seed=" + seed + " -Dmonolith.crash.kills=" + kills);
        int done = 0;
        int rounds = 0;
        while (done < kills) {
            int now = Math.min(KILLS_OF_A_ROUND[rounds++ % KILLS_OF_A_ROUND.length], kills - done);
            Path place = Files.createDirectory(folder.resolve("round-" + done));
            Round round = new Round(place, seed + done);
            List<String> violations = round.run(now);
            assertThat(violations)
                    .as(
                            "after %s kills, seed %s:%n%s",
                            done + now, seed, round.history().trail(violations))
                    .isEmpty();
            operations += round.history().actions.size();
            if ((done + now) / 500 > done / 500) {
                System.out.printf("%d kills, %d operations so far%n", done + now, operations);
            }
            done += now;
            FileSystemUtils.deleteRecursively(place);
        }
        System.out.printf(
                "%d kills, %d operations, no violation, %s%n",
                done, operations, Duration.ofSeconds(NANOSECONDS.toSeconds(System.nanoTime() - begin)));
    }
}
