// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.crash.QuickFolder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the clock back, or far ahead. */
@Timeout(60)
class ClockFaultTests {

    private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

    @TempDir(factory = QuickFolder.class)
    Path root;

    private Instant now = START;
    private RootFiles files;
    private CacheManager manager;

    @BeforeEach
    void openManager() {
        files = new RootFiles(root);
        InstantSource source = () -> now;
        manager = files.builder().clock(source.withZone(ZoneOffset.UTC)).build();
    }

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void everyCacheIsListedOnceAndInTheOrderOfIds() {
        for (int step = 0; step < 50; step++) {
            now = START.minus(Duration.ofHours(7L * step * (step % 2 == 0 ? 1 : -1)));
            manager.create();
        }
        List<CacheDescription> first = manager.list(null, 20);
        List<CacheDescription> second = manager.list(first.get(19).id(), 20);
        List<CacheDescription> third = manager.list(second.get(19).id(), 20);
        assertThat(third).hasSize(10);
        assertThat(List.of(first, second, third))
                .flatMap(page -> page)
                .extracting(CacheDescription::id)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(manager.list()).hasSize(50);
    }

    @Test
    void cacheIsAttachedAndWipedWhenTheClockIsBeforeItsBeginning() {
        CacheDirectory cache = manager.create();
        now = START.minus(Duration.ofDays(400));
        try (CacheDirectory same = manager.attach(cache.id())) {
            same.putMetadata("a", 1);
            assertThat(same.metadata()).containsEntry("createdAt", START.toString());
        }
        assertThat(manager.sweep().directories()).isZero();
        assertThat(manager.find(cache.id())).isPresent();
        cache.close();
        assertThat(files.cache(cache.id())).doesNotExist();
    }

    @Test
    void lockLastsUntilItsTimeHoweverOftenTheClockGoesBack() {
        CacheDirectory cache = manager.create(CacheOptions.defaults().locked(Duration.ofHours(1)));
        cache.close();
        now = START.minus(Duration.ofDays(30));
        assertThat(manager.sweep().locks()).isZero();
        assertThat(manager.find(cache.id())).hasValueSatisfying(found -> {
            assertThat(found.locked()).isTrue();
            assertThat(found.lockedUntil()).isEqualTo(START.plus(Duration.ofHours(1)));
        });
        now = START.plus(Duration.ofHours(1)).minusMillis(1);
        assertThat(manager.sweep().locks()).isZero();
        now = START.plus(Duration.ofHours(1));
        assertThat(manager.sweep().locks()).isOne();
        assertThat(files.cache(cache.id())).doesNotExist();
    }

    @Test
    void lockThatIsTakenWithTheClockSetBackShortensNoOther() {
        CacheDirectory cache = manager.create(CacheOptions.defaults().locked(Duration.ofHours(1)));
        now = START.minus(Duration.ofDays(1));
        cache.lock(Duration.ofHours(2));
        assertThat(manager.find(cache.id()).orElseThrow().lockedUntil()).isEqualTo(START.plus(Duration.ofHours(1)));
        cache.close();
        now = START;
        manager.sweep();
        assertThat(manager.find(cache.id())).isPresent();
        now = START.plus(Duration.ofHours(2));
        manager.sweep();
        assertThat(manager.find(cache.id())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1970-01-01T00:00:00Z", "1960-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "+10889-08-02T05:31:50Z"
            })
    void oddTimesWork(String time) {
        now = Instant.parse(time);
        CacheDirectory cache = manager.create(CacheOptions.defaults().locked(Duration.ofDays(1)));
        cache.lock(Duration.ofSeconds(Long.MAX_VALUE));
        cache.close();
        assertThat(manager.sweep().directories()).isZero();
        assertThat(manager.list()).hasSize(1);
        assertThat(manager.attach(cache.id()).metadata()).containsEntry("locked", true);
        assertThat(manager.find(cache.id()).orElseThrow().lockedUntil()).isAfter(now);
        try (CacheManager other = files.builder().clock(Clock.systemUTC()).build()) {
            assertThat(other.list()).hasSize(1);
        }
    }

    /** The intervals of the background work come from a clock that nobody can set. */
    @Test
    void handleIsClosedInTimeThoughTheClockGoesBack() {
        CacheDirectory cache = manager.create(CacheOptions.defaults().closeAfter(Duration.ofMillis(50)));
        now = START.minus(Duration.ofDays(1));
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(files.cache(cache.id())).doesNotExist());
    }
}
