// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockFileTests {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final LockFile EARLY = LockFile.until(NOW.plusMillis(1));
    private static final LockFile LATE = LockFile.until(NOW.plusMillis(2));

    @Test
    void theEndIsInTheName() {
        assertThat(EARLY.name()).isEqualTo("locked-until-" + (NOW.toEpochMilli() + 1));
        assertThat(LockFile.until(null).name()).isEqualTo("locked");
    }

    @Test
    void aLockComesBackFromItsName() {
        assertThat(LockFile.parse(EARLY.name())).contains(EARLY);
        assertThat(LockFile.parse("locked")).contains(LockFile.WITHOUT_END);
        assertThat(LockFile.parse("locked-until-" + Long.MAX_VALUE))
                .contains(LockFile.until(Instant.ofEpochMilli(Long.MAX_VALUE)));
    }

    @Test
    void anOwnerIsNoLock() {
        assertThat(LockFile.parse("4711-1795178595000-5f0c7a9be21d4c36")).isEmpty();
        assertThat(LockFile.parse("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"locked-until-", "locked-until-tomorrow", "locked-until-99999999999999999999", "locked~"})
    void aLockThatIsNotUnderstoodHasNoEnd(String name) {
        assertThat(LockFile.parse(name)).hasValueSatisfying(lock -> {
            assertThat(lock.name()).isEqualTo(name);
            assertThat(lock.until()).isNull();
            assertThat(lock.isExpired(Instant.MAX)).isFalse();
        });
    }

    @Test
    void aLockExpiresAtItsEnd() {
        assertThat(EARLY.isExpired(NOW)).isFalse();
        assertThat(EARLY.isExpired(NOW.plusMillis(1))).isTrue();
        assertThat(EARLY.isExpired(NOW.plusMillis(2))).isTrue();
        assertThat(LockFile.WITHOUT_END.isExpired(Instant.MAX)).isFalse();
    }

    @Test
    void theLaterEndOutlastsTheEarlier() {
        assertThat(LATE.outlasts(EARLY)).isTrue();
        assertThat(EARLY.outlasts(LATE)).isFalse();
        assertThat(EARLY.outlasts(EARLY)).isFalse();
        assertThat(LockFile.WITHOUT_END.outlasts(LATE)).isTrue();
        assertThat(LATE.outlasts(LockFile.WITHOUT_END)).isFalse();
        assertThat(LockFile.WITHOUT_END.outlasts(LockFile.WITHOUT_END)).isFalse();
    }

    @Test
    void theLongestThatStandsCounts() {
        assertThat(LockFile.longest(List.of(), NOW)).isEmpty();
        assertThat(LockFile.longest(List.of(EARLY, LATE), NOW)).contains(LATE);
        assertThat(LockFile.longest(List.of(EARLY, LockFile.WITHOUT_END, LATE), NOW))
                .contains(LockFile.WITHOUT_END);
        assertThat(LockFile.longest(List.of(EARLY, LATE), NOW.plusMillis(1))).contains(LATE);
        assertThat(LockFile.longest(List.of(EARLY, LATE), NOW.plusMillis(2))).isEmpty();
    }
}
