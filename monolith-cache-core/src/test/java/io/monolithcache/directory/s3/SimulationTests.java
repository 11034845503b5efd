// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.LogWatch;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The six rules in histories that are made up by a seed, which is told when one of them is broken. */
@Tag("long")
class SimulationTests {

    private static final int FAULTS = 30;

    private int granted;
    private int wipes;

    private void run(int histories) throws InterruptedException {
        long first = Long.getLong("monolith.s3.seed", System.nanoTime());
        int number = Integer.getInteger("monolith.s3.histories", histories);
        System.out.println("-Dmonolith.s3.seed=" + first + " -Dmonolith.s3.histories=" + number);
        Random seeds = new Random(first);
        try (LogWatch quiet = new LogWatch()) {
            for (int history = 0; history < number; history++) {
                int owners = 2 + seeds.nextInt(2);
                int faults = seeds.nextInt(3) == 0 ? 0 : FAULTS;
                Simulation simulation = new Simulation(seeds.nextLong(), faults);
                simulation.run(owners, 5 + seeds.nextInt(25));
                granted += simulation.granted();
                wipes += simulation.wipes();
            }
        }
        System.out.println(number + " histories, " + granted + " references granted, " + wipes + " caches wiped");
    }

    @Test
    @Timeout(120)
    void ownersThatPauseAndRequestsThatAreLostBreakNoRule() throws InterruptedException {
        run(40);

        assertThat(granted).isPositive();
        assertThat(wipes).isPositive();
    }

    @Test
    @Tag("soak")
    void thousandsOfHistoriesBreakNoRule() throws InterruptedException {
        run(20_000);
    }
}
