// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeartbeatTests {

    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void neitherAFailureNorAnErrorEndsIt() {
        AtomicInteger beats = new AtomicInteger();
        Heartbeat heartbeat = Heartbeat.start(SHORT, () -> {
            int beat = beats.incrementAndGet();
            if (beat == 1) {
                throw new AssertionError("on purpose");
            }
            if (beat == 2) {
                throw new IllegalStateException("on purpose");
            }
        });

        await().until(() -> beats.get() > 3);

        heartbeat.stop();
        heartbeat.awaitEnd();
        int last = beats.get();
        await().during(SHORT.multipliedBy(4)).until(() -> beats.get() == last);
    }

    @Test
    void whoStopsItMayWaitForTheOneThatIsUnderWay() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Heartbeat heartbeat = Heartbeat.start(SHORT, () -> {
            begun.countDown();
            while (end.getCount() > 0) {
                // as a request does that takes no notice of an interrupt
                Thread.onSpinWait();
            }
            ended.set(true);
        });
        begun.await();
        heartbeat.stop();
        assertThat(ended).isFalse();

        Thread other = new Thread(end::countDown);
        other.start();
        heartbeat.awaitEnd();

        assertThat(ended).isTrue();
        other.join();
    }
}
