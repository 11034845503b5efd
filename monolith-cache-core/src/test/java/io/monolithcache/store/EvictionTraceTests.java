// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hit ratio of each policy on generated traces is that of a plain simulation of it. */
@Tag("long")
class EvictionTraceTests {

    private static final int CAPACITY = 300;
    private static final int REQUESTS = 6_000;

    @TempDir
    Path folder;

    enum Trace {
        ZIPF {
            @Override
            IntSupplier requests(Random random) {
                double[] sums = new double[3_000];
                double sum = 0;
                for (int rank = 0; rank < sums.length; rank++) {
                    sum += 1 / Math.pow(rank + 1, 0.9);
                    sums[rank] = sum;
                }
                double all = sum;
                return () -> {
                    int found = Arrays.binarySearch(sums, random.nextDouble() * all);
                    return found < 0 ? -found - 1 : found;
                };
            }
        },
        /** What is asked for often, and in between long runs of what is asked for once. */
        SCAN {
            @Override
            IntSupplier requests(Random random) {
                IntSupplier often = ZIPF.requests(random);
                int[] next = {1_000_000, 0};
                return () -> {
                    next[1]++;
                    return next[1] % 2_000 < 1_000 ? often.getAsInt() : next[0]++;
                };
            }
        },
        LOOP {
            @Override
            IntSupplier requests(Random random) {
                int[] next = {0};
                return () -> next[0]++ % (CAPACITY + CAPACITY / 10);
            }
        };

        abstract IntSupplier requests(Random random);
    }

    @ParameterizedTest
    @CsvSource({
        "LRU, ZIPF", "LRU, SCAN", "LRU, LOOP",
        "LFU, ZIPF", "LFU, SCAN", "LFU, LOOP",
        "FIFO, ZIPF", "FIFO, SCAN", "FIFO, LOOP",
        "TINY_LFU, ZIPF", "TINY_LFU, SCAN", "TINY_LFU, LOOP"
    })
    void hitRatiosAreThoseOfASimulation(EvictionPolicy policy, Trace trace) {
        Simulation simulation = new Simulation(policy);
        IntSupplier simulated = trace.requests(new Random(7));
        int expected = 0;
        for (int request = 0; request < REQUESTS; request++) {
            expected += simulation.isHit(simulated.getAsInt()) ? 1 : 0;
        }

        TestClock clock = new TestClock();
        IntSupplier requests = trace.requests(new Random(7));
        try (Store store = Store.in(folder.resolve("store"))
                .index(MemoryIndex.FORMAT)
                .limits(StoreLimits.NONE.withEntries(CAPACITY))
                .eviction(policy)
                .verification(Verification.NEVER)
                .clock(clock)
                .open()) {
            for (int request = 0; request < REQUESTS; request++) {
                clock.advance(Duration.ofMillis(1));
                String key = Integer.toString(requests.getAsInt());
                if (store.find(key).isEmpty()) {
                    store.put(key, Content.of(new byte[0]));
                }
            }
            double ratio = (double) store.status().hits() / REQUESTS;
            System.out.printf(
                    "%s on %s: %.4f hits, simulated %.4f%n", policy, trace, ratio, (double) expected / REQUESTS);
            assertThat(ratio).isCloseTo((double) expected / REQUESTS, within(0.01));
        }
    }

    private static final class Simulation {

        private record Used(long written, long read, long hits) {}

        private final EvictionPolicy policy;
        private final Map<Integer, Used> entries = new LinkedHashMap<>();
        private final Map<Integer, Integer> asked = new HashMap<>();
        private final Deque<Integer> window = new ArrayDeque<>();
        private long time;

        Simulation(EvictionPolicy policy) {
            this.policy = policy;
        }

        boolean isHit(int key) {
            time++;
            asked.merge(key, 1, Integer::sum);
            Used used = entries.get(key);
            if (used != null) {
                entries.put(key, new Used(used.written(), time, used.hits() + 1));
                return true;
            }
            if (entries.size() == CAPACITY) {
                entries.remove(victim());
            }
            entries.put(key, new Used(time, time, 0));
            window.add(key);
            while (window.size() > CAPACITY / 100 + 1) {
                int unused = window.remove();
            }
            return false;
        }

        private int victim() {
            Comparator<Map.Entry<Integer, Used>> first = switch (policy) {
                case FIFO -> Comparator.comparingLong(each -> each.getValue().written());
                case LRU, TINY_LFU ->
                    Comparator.comparingLong(each -> each.getValue().read());
                case LFU ->
                    Comparator.<Map.Entry<Integer, Used>>comparingLong(
                                    each -> each.getValue().hits())
                            .thenComparingLong(each -> each.getValue().read());
            };
            int victim = entries.entrySet().stream().min(first).orElseThrow().getKey();
            if (policy != EvictionPolicy.TINY_LFU || window.size() <= CAPACITY / 100) {
                return victim;
            }
            int newcomer = window.remove();
            return frequency(newcomer) > frequency(victim) || !entries.containsKey(newcomer) ? victim : newcomer;
        }

        private int frequency(int key) {
            return Math.min(15, asked.getOrDefault(key, 0));
        }
    }
}
