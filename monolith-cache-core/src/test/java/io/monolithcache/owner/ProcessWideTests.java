// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessWideTests {

    @Test
    void knowsWhoWasAddedUntilHeIsRemoved() {
        ProcessWide.add("an-owner");
        ProcessWide.add("another");
        assertThat(ProcessWide.contains("an-owner")).isTrue();

        ProcessWide.remove("an-owner");
        ProcessWide.remove("an-owner");

        assertThat(ProcessWide.contains("an-owner")).isFalse();
        assertThat(ProcessWide.contains("another")).isTrue();
        ProcessWide.remove("another");
        assertThat(ProcessWide.contains("another")).isFalse();
    }

    @Test
    void aPartOfANameIsNotThatName() {
        ProcessWide.add("long-name");

        assertThat(ProcessWide.contains("long")).isFalse();
        assertThat(ProcessWide.contains("")).isFalse();

        ProcessWide.remove("long-name");
    }

    @Test
    void survivesSystemPropertiesThatATestRestores() {
        Properties before = (Properties) System.getProperties().clone();
        ProcessWide.add("an-owner");

        System.setProperties(before);

        assertThat(ProcessWide.contains("an-owner")).isTrue();
        ProcessWide.remove("an-owner");
    }

    @Test
    void manyThreadsLoseNobody() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<?> each : threads.invokeAll(IntStream.range(0, 4)
                    .mapToObj(thread -> Executors.callable(() -> names(thread).forEach(ProcessWide::add)))
                    .toList())) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(IntStream.range(0, 4).boxed().flatMap(ProcessWideTests::names))
                .allMatch(ProcessWide::contains);
        IntStream.range(0, 4).boxed().flatMap(ProcessWideTests::names).forEach(ProcessWide::remove);
    }

    private static Stream<String> names(int thread) {
        return IntStream.range(0, 50).mapToObj(number -> "thread" + thread + "-" + number);
    }

    @Test
    void exclusiveActionsOfOneNameComeOneAfterTheOther() throws Exception {
        int[] unguarded = new int[1];
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<?> each : threads.invokeAll(IntStream.range(0, 4)
                    .mapToObj(thread ->
                            Executors.callable(() -> IntStream.range(0, 5_000).forEach(i -> increment(unguarded))))
                    .toList())) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(unguarded[0]).isEqualTo(20_000);
    }

    private static void increment(int[] counter) {
        try {
            // a name that is equal and not the same
            ProcessWide.exclusively(String.valueOf("counter".toCharArray()), () -> counter[0]++);
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void whatAnExclusiveActionThrowsIsThrown() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ProcessWide.exclusively("name", () -> {
                    throw new IOException("no");
                }))
                .withMessage("no");
    }
}
