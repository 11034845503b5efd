// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HousekeepingTests {

    private static final Duration OFTEN = Duration.ofMillis(1);

    private final AtomicInteger sweeps = new AtomicInteger();
    private final AtomicInteger deletions = new AtomicInteger();
    private Housekeeping housekeeping = new Housekeeping(OFTEN, this::sweep);
    private Duration sweepTakes = Duration.ZERO;

    private SweepReport sweep() {
        sweeps.incrementAndGet();
        return new SweepReport(null, 0, 0, 0, 0, 0, sweepTakes);
    }

    @AfterEach
    void close() {
        housekeeping.close();
    }

    @Test
    void sweepsAgainAndAgainOnceItWasStarted() {
        assertThat(sweeps).hasValue(0);

        housekeeping.startSweeping();
        housekeeping.startSweeping();

        await().until(() -> sweeps.get() > 3);
    }

    @Test
    void restsTenTimesAsLongAsASweepTook() {
        sweepTakes = Duration.ofHours(1);

        housekeeping.startSweeping();

        await().until(() -> sweeps.get() == 1);
        await().during(Duration.ofMillis(50)).until(() -> sweeps.get() == 1);
    }

    @Test
    void withoutAnIntervalNothingIsSwept() {
        housekeeping.close();
        housekeeping = new Housekeeping(Duration.ZERO, this::sweep);

        housekeeping.startSweeping();

        await().during(Duration.ofMillis(50)).until(() -> sweeps.get() == 0);
    }

    @Test
    void aSweepThatFailsIsLoggedAndTriedAgain() {
        housekeeping.close();
        housekeeping = new Housekeeping(OFTEN, () -> {
            sweep();
            throw new IllegalStateException("no");
        });

        try (LogWatch log = new LogWatch()) {
            housekeeping.startSweeping();
            await().until(() -> sweeps.get() > 3);
            assertThat(log.warnings()).contains("A sweep failed and is tried again");
            housekeeping.close();
        }
    }

    @Test
    void workThatFailsDoesNotKeepTheNextFromBeingDone() {
        try (LogWatch log = new LogWatch()) {
            housekeeping.delete(() -> {
                throw new IllegalStateException("no");
            });
            housekeeping.delete(deletions::incrementAndGet);

            await().untilAtomic(deletions, org.hamcrest.Matchers.equalTo(1));
            assertThat(log.warnings()).containsExactly("Background work failed");
        }
    }

    @Test
    void deletesOnTheCallersThreadWhenTooMuchWaits() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        housekeeping.delete(() -> {
            begun.countDown();
            awaitQuietly(enough);
        });
        begun.await();
        for (int i = 0; i < 1_000; i++) {
            housekeeping.delete(deletions::incrementAndGet);
        }
        assertThat(deletions).hasValue(0);

        housekeeping.delete(deletions::incrementAndGet);
        assertThat(deletions).hasValue(1);

        enough.countDown();
        await().untilAtomic(deletions, org.hamcrest.Matchers.equalTo(1_001));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void closingDeletesWhatWaits() {
        for (int i = 0; i < 100; i++) {
            housekeeping.delete(deletions::incrementAndGet);
        }

        housekeeping.close();

        assertThat(deletions).hasValue(100);
    }

    @Test
    void afterClosingWhoeverWipesDeletesAndNothingIsDoneLater() {
        housekeeping.close();

        housekeeping.delete(deletions::incrementAndGet);

        assertThat(deletions).hasValue(1);
        assertThat(housekeeping.later(OFTEN, deletions::incrementAndGet)).isNull();
    }

    @Test
    void closingInTheMomentInWhichABatchBeginsDoesNotWaitForIt() {
        for (int round = 0; round < 100; round++) {
            Housekeeping closing = new Housekeeping(Duration.ZERO, this::sweep);
            long begin = System.nanoTime();
            closing.delete(deletions::incrementAndGet);
            long moment = begin + Housekeeping.BATCH.toNanos() + TimeUnit.MICROSECONDS.toNanos(round * 5L - 100);
            while (System.nanoTime() < moment) {
                Thread.onSpinWait();
            }

            closing.close();

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
        }
        assertThat(deletions).hasValue(100);
    }
}
