// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.local.PreparedPool.Prepared;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PreparedPoolTests {

    private final AtomicInteger made = new AtomicInteger();

    private Prepared make() {
        int number = made.incrementAndGet();
        return new Prepared("references" + number, "directory" + number);
    }

    @Test
    void nothingIsPreparedBeforeTheFirstOneIsWanted() {
        try (PreparedPool pool = new PreparedPool(this::make)) {
            assertThat(made).hasValue(0);
            assertThat(pool.poll()).isNull();
            await().until(() -> made.get() == PreparedPool.MOST);
        }
    }

    @Test
    void eachIsHandedOutOnce() {
        try (PreparedPool pool = new PreparedPool(this::make)) {
            Set<Prepared> handedOut = new HashSet<>();
            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                Prepared prepared = pool.poll();
                return prepared != null && handedOut.add(prepared) && handedOut.size() == 100;
            });
            assertThat(made.get()).isGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void whoeverFindsItEmptyDoesNotWait() {
        CountDownLatch never = new CountDownLatch(1);
        try (PreparedPool pool = new PreparedPool(() -> {
            awaitQuietly(never);
            return make();
        })) {
            assertThat(pool.poll()).isNull();
            assertThat(pool.poll()).isNull();
            never.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFailureIsTriedAgainWithTheNext() {
        AtomicInteger failures = new AtomicInteger(3);
        try (PreparedPool pool = new PreparedPool(() -> {
            if (failures.getAndDecrement() > 0) {
                throw new IOException("full");
            }
            return make();
        })) {
            await().until(() -> pool.poll() != null);
        }
        assertThat(failures.get()).isNegative();
    }

    @Test
    void nothingIsPreparedOnceItIsClosed() {
        PreparedPool pool = new PreparedPool(this::make);
        pool.close();

        assertThat(polled(pool)).isNull();
        assertThat(polled(pool)).isNull();

        await().during(Duration.ofMillis(30)).until(() -> made.get() == 0);
    }

    private static @Nullable Prepared polled(PreparedPool pool) {
        return pool.poll();
    }

    @Test
    void closingWaitsForWhatIsBeingPrepared() {
        CountDownLatch begun = new CountDownLatch(1);
        PreparedPool pool = new PreparedPool(() -> {
            begun.countDown();
            return make();
        });
        pool.poll();
        awaitQuietly(begun);

        pool.close();

        int whenClosed = made.get();
        await().during(Duration.ofMillis(30)).until(() -> made.get() == whenClosed);
    }
}
