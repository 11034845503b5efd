// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Locks, with a clock that the test moves. */
class LockTests extends ManagersOnOneRoot {

    private static final Duration HOUR = Duration.ofHours(1);

    private CacheManager manager;

    @BeforeEach
    void start() {
        manager = manager();
    }

    private CacheDescription describe(CacheDirectory cache) {
        return manager.find(cache.id()).orElseThrow();
    }

    @Test
    void aLockedCacheOutlivesItsLastHandle() {
        CacheDirectory cache = manager.create();
        assertThat(cache.isLocked()).isFalse();

        cache.lock();
        assertThat(cache.isLocked()).isTrue();

        cache.close();
        manager.sweep();
        assertThat(cache(cache.id())).exists();
        assertThat(describe(cache).references()).isZero();
    }

    @Test
    void aLockedCacheOutlivesItsManagerAndIsFoundByTheNext() {
        CacheDirectory cache = manager.create();
        cache.putMetadata("colour", "green");
        cache.lock();
        manager.close();

        CacheDirectory again = manager().attach(cache.id());

        assertThat(again.metadata()).containsEntry("colour", "green").containsEntry("locked", true);
    }

    @Test
    void unlockingAHeldCacheKeepsItUntilItsLastHandle() {
        CacheDirectory cache = manager.create();
        cache.lock();

        cache.unlock();
        assertThat(cache.isLocked()).isFalse();
        assertThat(cache.path()).exists();

        cache.close();
        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void unlockingWhatNobodyHoldsWipesItAndSaysSo() {
        CacheDirectory cache = manager.create();
        cache.lock();
        cache.close();

        assertThat(manager.unlock(cache.id())).isTrue();

        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void unlockingWhatSomebodyHoldsSaysSo() {
        CacheDirectory cache = manager.create();
        manager.lock(cache.id());

        assertThat(manager().unlock(cache.id())).isFalse();

        assertThat(cache.isLocked()).isFalse();
    }

    @Test
    void anybodyMayLockAndUnlock() {
        CacheManager other = manager();
        CacheDirectory cache = manager.create();

        other.lock(cache.id());
        assertThat(cache.isLocked()).isTrue();

        cache.unlock();
        assertThat(other.find(cache.id()).orElseThrow().locked()).isFalse();
    }

    @Test
    void whatIsNotThereIsNeitherLockedNorUnlocked() {
        CacheId unknown = CacheId.random(clock.instant());

        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.lock(unknown));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.lock(unknown, HOUR));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.unlock(unknown));
    }

    @Test
    void aTimedLockEndsByItself() {
        CacheDirectory cache = manager.create();
        cache.lock(HOUR);
        cache.close();
        assertThat(describe(cache).lockedUntil()).isEqualTo(clock.instant().plus(HOUR));

        clock.advance(HOUR.minusMillis(1));
        manager.sweep();
        assertThat(cache(cache.id())).exists();

        clock.advance(Duration.ofMillis(1));
        assertThat(describe(cache).locked()).isFalse();
        assertThat(manager.sweep().directories()).isOne();
        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void aTimedLockThatEndsWhileItIsHeldChangesNothingElse() {
        CacheDirectory cache = manager.create();
        manager.lock(cache.id(), HOUR);

        clock.advance(HOUR);

        assertThat(cache.isLocked()).isFalse();
        assertThat(cache.metadata()).containsEntry("locked", false);
        assertThat(manager.sweep().locks()).isOne();
        assertThat(cache.path()).exists();
    }

    @Test
    void aLockNeverShortensAnother() {
        CacheDirectory cache = manager.create();
        cache.lock(HOUR.multipliedBy(2));

        cache.lock(HOUR);
        assertThat(describe(cache).lockedUntil()).isEqualTo(clock.instant().plus(HOUR.multipliedBy(2)));

        cache.lock(HOUR.multipliedBy(3));
        assertThat(describe(cache).lockedUntil()).isEqualTo(clock.instant().plus(HOUR.multipliedBy(3)));

        cache.lock();
        cache.lock(HOUR);
        assertThat(describe(cache).lockedUntil()).isNull();
        assertThat(describe(cache).locked()).isTrue();
    }

    @Test
    void aTimedLockMayBeShortenedByUnlockingFirst() {
        CacheDirectory cache = manager.create();
        cache.lock();

        cache.unlock();
        cache.lock(HOUR);

        assertThat(describe(cache).lockedUntil()).isEqualTo(clock.instant().plus(HOUR));
    }

    @Test
    void aLockHasAPositiveTime() {
        CacheDirectory cache = manager.create();

        for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cache.lock(wrong))
                    .withMessageContaining(wrong.toString());
            assertThatIllegalArgumentException().isThrownBy(() -> manager.lock(cache.id(), wrong));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CacheOptions.defaults().locked(wrong));
        }
        assertThat(cache.isLocked()).isFalse();
    }

    @Test
    void aTimeBeyondAllTimeIsVeryLong() {
        CacheDirectory cache = manager.create();

        cache.lock(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(describe(cache).lockedUntil()).isAfter(Instant.parse("+100000-01-01T00:00:00Z"));
    }

    @Test
    void aCacheMayBeLockedFromItsFirstMoment() {
        CacheDirectory cache = manager.create(CacheOptions.defaults().locked());

        assertThat(cache.isLocked()).isTrue();
        assertThat(describe(cache).lockedUntil()).isNull();
    }

    @Test
    void aCacheMayBeLockedForATimeFromItsFirstMoment() {
        CacheDirectory cache = manager.create(CacheOptions.defaults().locked(HOUR));

        assertThat(describe(cache).lockedUntil()).isEqualTo(clock.instant().plus(HOUR));
    }

    @Test
    void anInterruptedThreadStillLocks() {
        CacheDirectory cache = manager.create();

        Thread.currentThread().interrupt();
        try {
            cache.lock();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }

        assertThat(cache.isLocked()).isTrue();
    }
}
