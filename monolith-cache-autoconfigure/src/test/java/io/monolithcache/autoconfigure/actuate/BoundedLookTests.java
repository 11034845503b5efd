// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.StorageStatus;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedLookTests {

    private static final StorageStatus STATUS =
            new StorageStatus("local", URI.create("file:///caches/"), false, null, null);

    private final CountDownLatch disk = new CountDownLatch(1);
    private final AtomicInteger looks = new AtomicInteger();

    @AfterEach
    void diskAnswers() {
        disk.countDown();
        await().until(BoundedLookTests::nobodyLooks);
    }

    private static boolean nobodyLooks() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("monolith-cache-look"));
    }

    private StorageStatus hang() {
        looks.incrementAndGet();
        try {
            disk.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return STATUS;
    }

    @Test
    void aLookIsHandedBackAndItsThreadEnds() {
        BoundedLook<StorageStatus> look = new BoundedLook<>("storage", () -> STATUS, Duration.ofMinutes(1));

        assertThat(look.get()).isSameAs(STATUS);
        await().until(BoundedLookTests::nobodyLooks);
    }

    @Test
    void eachLookIsANewOne() {
        BoundedLook<StorageStatus> look = new BoundedLook<>(
                "storage",
                () -> {
                    looks.incrementAndGet();
                    return STATUS;
                },
                Duration.ofMinutes(1));

        look.get();
        look.get();

        assertThat(looks).hasValue(2);
    }

    @Test
    void whatALookThrowsIsThrown() {
        CacheBackendException failure = new CacheBackendException("no", null);
        BoundedLook<StorageStatus> look = new BoundedLook<>(
                "storage",
                () -> {
                    throw failure;
                },
                Duration.ofMinutes(1));

        assertThatThrownBy(look::get).isSameAs(failure);
    }

    @Test
    void anErrorIsNoAnswer() {
        BoundedLook<StorageStatus> look = new BoundedLook<>(
                "storage",
                () -> {
                    throw new NoClassDefFoundError("no");
                },
                Duration.ofMinutes(1));

        assertThatThrownBy(look::get).isInstanceOf(IllegalStateException.class).hasRootCauseMessage("no");
    }

    @Test
    void aDiskThatHangsIsWaitedForUntilTheLimitOnly() {
        BoundedLook<StorageStatus> look = new BoundedLook<>("storage", this::hang, Duration.ofMillis(50));

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(look::get)
                .withMessage("The storage has not answered within 50 ms. Check it");
    }

    /** One after the other they would take longer than a test may. */
    @Test
    void looksThatHangAreWaitedForTogether() {
        List<Supplier<StorageStatus>> begun = Stream.generate(
                        () -> new BoundedLook<>("storage", this::hang, Duration.ofMillis(500)))
                .limit(200)
                .map(BoundedLook::begin)
                .toList();

        assertThat(begun)
                .allSatisfy(look ->
                        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(look::get));
    }

    /** To wait for each of them would take longer than a test may. */
    @Test
    void whileADiskHangsNoOtherLookIsBegunNorWaitedFor() {
        BoundedLook<StorageStatus> look = new BoundedLook<>("storage", this::hang, Duration.ofMillis(50));
        for (int i = 0; i < 2000; i++) {
            assertThatExceptionOfType(CacheBackendException.class).isThrownBy(look::get);
        }

        assertThat(looks).hasValue(1);
    }

    @Test
    void whoAsksMeanwhileSharesTheLook() {
        BoundedLook<StorageStatus> look = new BoundedLook<>("storage", this::hang, Duration.ofMinutes(1));
        List<StorageStatus> answers = new CopyOnWriteArrayList<>();
        List<Thread> askers = Stream.generate(() -> new Thread(() -> answers.add(look.get())))
                .limit(2)
                .toList();
        askers.forEach(Thread::start);
        await().until(() ->
                askers.stream().allMatch(asker -> asker.getState() == Thread.State.TIMED_WAITING) && looks.get() > 0);

        disk.countDown();

        await().untilAsserted(() -> assertThat(answers).containsExactly(STATUS, STATUS));
        assertThat(looks).hasValue(1);
    }

    @Test
    void whenTheDiskAnswersAgainItIsLookedAtAgain() {
        BoundedLook<StorageStatus> look = new BoundedLook<>("storage", this::hang, Duration.ofMillis(50));
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(look::get);

        disk.countDown();

        await().untilAsserted(() -> assertThat(look.get()).isSameAs(STATUS));
    }

    @Test
    void whoIsInterruptedStaysSo() {
        BoundedLook<StorageStatus> look = new BoundedLook<>("storage", this::hang, Duration.ofMinutes(1));
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(look::get)
                .withMessageContaining("Interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
