// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that cannot be reached never leads to a wipe, and a release that could not be told is told later. */
class UntoldReleaseTests extends ManagersOnOneRoot {

    private CacheManager manager;
    private CacheDirectory cache;

    @BeforeEach
    void create() {
        manager = manager();
        cache = manager.create();
    }

    private void closeUntold() {
        try (LogWatch log = new LogWatch()) {
            disconnected(cache::close);
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(cache.id().value(), "could not be told", "later");
        }
    }

    @Test
    void closingNeverFailsAndWipesNothing() {
        closeUntold();

        assertThat(cache(cache.id())).exists();
        assertThat(manager.find(cache.id()).orElseThrow().references()).isOne();
    }

    @Test
    void aSweepTellsIt() {
        closeUntold();

        manager.sweep();

        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void aSweepThatCannotTellItEitherLeavesItToTheNext() {
        closeUntold();

        try (LogWatch log = new LogWatch()) {
            disconnected(manager::sweep);
            assertThat(log.warnings()).anyMatch(warning -> warning.contains("could not be told"));
        }
        assertThat(cache(cache.id())).exists();

        manager.sweep();
        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void whoAttachesMeanwhileTakesTheReferenceOver() {
        closeUntold();

        CacheDirectory again = manager.attach(cache.id());
        manager.sweep();
        assertThat(again.path()).exists();

        again.close();
        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void closingTheManagerTellsIt() {
        closeUntold();

        manager.close();

        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void closingTheManagerNeverFails() {
        try (LogWatch log = new LogWatch()) {
            disconnected(manager::close);
            assertThat(log.warnings()).isNotEmpty();
        }

        assertThat(cache(cache.id())).exists();
    }

    @Test
    void anOperationSaysWhatFailed() {
        disconnected(() -> assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(cache::isLocked)
                .withMessageContaining(cache.id().value())
                .withMessageContaining("Could not"));

        assertThat(cache.isLocked()).isFalse();
    }

    @Test
    void aSweepDoesNotTakeWhatItCannotSeeForLost() {
        try (LogWatch log = new LogWatch()) {
            disconnected(manager::sweep);
            assertThat(log.warnings()).noneMatch(warning -> warning.contains("by force"));
        }

        assertThat(cache.path()).exists();
        assertThat(cache.isLocked()).isFalse();
    }

    @Test
    void aReleaseThatWasTakenAwayMeanwhileIsForgotten() {
        closeUntold();

        try (LogWatch log = new LogWatch()) {
            manager().evictForcibly(cache.id());
            manager.sweep();
            manager.sweep();
            assertThat(log.warnings()).hasSizeLessThanOrEqualTo(1);
        }
    }
}
