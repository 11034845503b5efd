// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What listeners hear; of losses and leaks see {@link EvictionTests} and {@link LeakReportTests}. */
class ListenerTests extends ManagersOnOneRoot {

    private final RecordingListener listener = new RecordingListener();

    @Test
    void aListenerHearsWhatItsManagerCreatesAndWipes() {
        CacheManager manager = manager(settings -> settings.listener(listener));

        CacheDirectory cache = manager.create();
        manager.attach(cache.id()).close();
        cache.close();

        assertThat(listener.events())
                .containsExactly(
                        new RecordingListener.Event("created", cache.id(), cache.location()),
                        new RecordingListener.Event("wiped", cache.id(), cache.location()));
    }

    @Test
    void aListenerHearsNothingOfOtherManagers() {
        CacheManager manager = manager(settings -> settings.listener(listener));
        CacheManager other = manager();

        CacheDirectory theirs = other.create();
        manager.attach(theirs.id()).close();
        theirs.close();

        assertThat(listener.events()).isEmpty();
    }

    @Test
    void theLastToReleaseHearsOfTheWipe() {
        CacheManager manager = manager(settings -> settings.listener(listener));
        CacheDirectory theirs = manager().create();
        CacheDirectory ours = manager.attach(theirs.id());

        theirs.close();
        assertThat(listener.events()).isEmpty();

        ours.close();
        assertThat(listener.heardOf(theirs.id())).containsExactly("wiped");
    }

    @Test
    void unlockEvictAndSweepAreHeard() {
        CacheManager manager = manager(settings -> settings.listener(listener));
        CacheId unlocked = closedAndLocked(manager);
        CacheId evicted = closedAndLocked(manager);
        CacheId swept = manager.create(CacheOptions.defaults().locked(Duration.ofHours(1)))
                .id();
        manager.attach(swept).close();

        manager.unlock(unlocked);
        manager.evict(evicted);

        assertThat(listener.heardOf(unlocked)).containsExactly("created", "wiped");
        assertThat(listener.heardOf(evicted)).containsExactly("created", "wiped");
    }

    private static CacheId closedAndLocked(CacheManager manager) {
        try (CacheDirectory cache = manager.create()) {
            cache.lock();
            return cache.id();
        }
    }

    @Test
    void whatASweepWipesIsHeard() {
        CacheManager manager = manager(settings -> settings.listener(listener));
        CacheDirectory cache = manager.create(CacheOptions.defaults().locked(Duration.ofHours(1)));
        cache.close();
        clock.advance(Duration.ofHours(1));

        manager.sweep();

        assertThat(listener.heardOf(cache.id())).containsExactly("created", "wiped");
    }

    @Test
    void aSweepIsHeardWithItsReport() {
        createByTheDead();
        List<SweepReport> reports = new ArrayList<>();
        CacheManager manager = manager(settings -> settings.listener(new CacheListener() {
            @Override
            public void swept(SweepReport report) {
                reports.add(report);
            }
        }));

        SweepReport report = manager.sweep();

        assertThat(report.directories()).isOne();
        assertThat(reports).containsExactly(report);
    }

    @Test
    void closingAManagerIsHeard() {
        CacheManager manager = manager(settings -> settings.listener(listener));
        CacheDirectory cache = manager.create();

        manager.close();

        assertThat(listener.heardOf(cache.id())).containsExactly("created", "wiped");
    }

    @Test
    void aListenerThatThrowsDisturbsNobody() {
        CacheManager manager =
                manager(settings -> settings.listener(new ThrowingListener()).listener(listener));

        try (LogWatch log = new LogWatch()) {
            CacheDirectory cache = manager.create();
            assertThat(cache.path()).exists();
            cache.close();

            assertThat(cache(cache.id())).doesNotExist();
            assertThat(listener.heardOf(cache.id())).containsExactly("created", "wiped");
            assertThat(log.warnings()).containsExactly("a throwing listener failed", "a throwing listener failed");
            assertThat(log.causesOfWarnings()).hasSize(2).allMatch(cause -> "no".equals(cause.getMessage()));
        }
    }

    private static final class ThrowingListener implements CacheListener {

        @Override
        public void created(CacheId id, URI location) {
            throw new IllegalStateException("no");
        }

        @Override
        public void wiped(CacheId id, URI location) {
            throw new AssertionError("no");
        }

        @Override
        public String toString() {
            return "a throwing listener";
        }
    }

    /** Each one works on the other's cache while that is being wiped. */
    @Test
    void listenersThatUseTheManagerDoNotWaitForEachOther() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        Map<CacheId, CacheId> others = new ConcurrentHashMap<>();
        ObjectHolder<CacheManager> self = new ObjectHolder<>();
        CacheManager manager = manager(settings -> settings.listener(new CacheListener() {
            @Override
            public void wiped(CacheId id, URI location) {
                try {
                    both.await(30, TimeUnit.SECONDS);
                } catch (Exception late) {
                    throw new IllegalStateException(late);
                }
                assertThatExceptionOfType(CacheNotFoundException.class)
                        .isThrownBy(() -> self.value.unlock(others.get(id)));
            }
        }));
        self.value = manager;
        CacheDirectory one = manager.create();
        CacheDirectory other = manager.create();
        others.put(one.id(), other.id());
        others.put(other.id(), one.id());

        try (LogWatch log = new LogWatch()) {
            CompletableFuture<Void> first =
                    CompletableFuture.runAsync(one::close, command -> new Thread(command).start());
            CompletableFuture<Void> second =
                    CompletableFuture.runAsync(other::close, command -> new Thread(command).start());
            CompletableFuture.allOf(first, second).get(30, TimeUnit.SECONDS);
            assertThat(log.warnings()).isEmpty();
        }
    }

    private static final class ObjectHolder<T> {
        private volatile T value;
    }

    @Test
    void aListenerMayCareForNothing() {
        CacheManager manager = manager(settings -> settings.listener(new CacheListener() {}));
        CacheDirectory cache = manager.create();

        try (LogWatch log = new LogWatch()) {
            manager.evictForcibly(cache.id());
            manager.sweep();
            assertThat(log.warnings()).hasSize(1);
        }

        cache.close();
        assertThat(cache(cache.id())).doesNotExist();
    }
}
