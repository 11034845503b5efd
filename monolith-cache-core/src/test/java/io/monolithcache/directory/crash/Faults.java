// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Lets faults happen when their time has come, and mends them when theirs is over. */
final class Faults {

    private Faults() {}

    private record Step(long at, Work work) {}

    @FunctionalInterface
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    @FunctionalInterface
    interface Beginning {

        /** Lets it begin, and returns what ends it, if something has to. */
        @Nullable Work of(Fault fault) throws IOException, InterruptedException;
    }

    /** The random moments are what is tested here. */
    static void carryOut(List<Fault> schedule, Beginning beginning) throws IOException, InterruptedException {
        PriorityQueue<Step> steps = new PriorityQueue<>(Comparator.comparingLong(Step::at));
        long begin = System.nanoTime();
        for (Fault fault : schedule) {
            long at = begin + fault.at().toNanos();
            steps.add(new Step(at, () -> {
                Work end = beginning.of(fault);
                if (end != null) {
                    steps.add(new Step(System.nanoTime() + fault.length().toNanos(), end));
                }
            }));
        }
        while (!steps.isEmpty()) {
            Step next = steps.remove();
            for (long left = next.at() - System.nanoTime(); left > 0; left = next.at() - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            next.work().run();
        }
    }
}
