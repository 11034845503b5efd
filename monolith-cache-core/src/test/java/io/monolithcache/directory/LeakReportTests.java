// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Handles that are dropped without being closed. */
class LeakReportTests extends ManagersOnOneRoot {

    private static final Duration GRACE = Duration.ofMillis(20);

    private final RecordingListener listener = new RecordingListener();

    private CacheManager watching(Consumer<CacheManagerBuilder> more) {
        return manager(settings -> {
            settings.listener(listener).listener(new CacheListener() {}).leakGrace(GRACE);
            more.accept(settings);
        });
    }

    /** A method of its own, so that no variable keeps the handle reachable. */
    private static CacheId createAndDrop(CacheManager manager) {
        return manager.create().id();
    }

    private void awaitReport(CacheId id) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return listener.heardOf(id).contains("leaked");
        });
    }

    @Test
    void aDroppedHandleIsReportedAndNotReleased() {
        CacheManager manager = watching(settings -> {});

        try (LogWatch log = new LogWatch()) {
            CacheId id = createAndDrop(manager);
            awaitReport(id);

            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(id.value(), "without close()", "monolith.cache.directories.track-leaks=true");
            assertThat(log.causesOfWarnings()).isEmpty();
            assertThat(cache(id)).exists();
            assertThat(manager.find(id).orElseThrow().references()).isOne();
        }
    }

    @Test
    void withTrackingTheReportTellsWhereItWasOpened() {
        CacheManager manager = watching(settings -> settings.trackLeaks(true));

        try (LogWatch log = new LogWatch()) {
            CacheId id = createAndDrop(manager);
            awaitReport(id);

            assertThat(log.warnings()).singleElement().asString().contains("It was opened at:");
            assertThat(log.causesOfWarnings().get(0).getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("createAndDrop"));
        }
    }

    @Test
    void aHandleThatWasClosedIsNotReported() {
        CacheManager manager = watching(settings -> {});
        manager.create().close();

        CacheId dropped = createAndDrop(manager);
        try (LogWatch quiet = new LogWatch()) {
            awaitReport(dropped);
        }

        assertThat(listener.events())
                .filteredOn(event -> event.what().equals("leaked"))
                .extracting(RecordingListener.Event::id)
                .containsExactly(dropped);
    }

    @Test
    void aHandleThatTheManagerClosesByItselfIsNotReported() {
        CacheManager manager = watching(settings -> {});
        CacheId kept = manager.create(CacheOptions.defaults().closeAfter(Duration.ofHours(1)))
                .id();

        CacheId dropped = createAndDrop(manager);
        try (LogWatch quiet = new LogWatch()) {
            awaitReport(dropped);
        }

        assertThat(listener.heardOf(kept)).containsExactly("created");
    }

    @Test
    void aHandleThatWasOpenWhenItsManagerClosedIsNotReported() {
        CacheManager closed = watching(settings -> {});
        CacheId released = createAndDrop(closed);
        closed.close();

        CacheId dropped = createAndDrop(watching(settings -> {}));
        try (LogWatch quiet = new LogWatch()) {
            awaitReport(dropped);
        }

        assertThat(listener.heardOf(released)).doesNotContain("leaked");
    }

    @Test
    void aLeakedHandleIsReleasedAfterTheGraceIfThatIsAskedFor() {
        CacheManager manager = watching(settings -> settings.releaseLeaked(true));

        try (LogWatch log = new LogWatch()) {
            CacheId id = createAndDrop(manager);
            awaitReport(id);
            await().untilAsserted(() -> assertThat(listener.heardOf(id)).containsExactly("created", "leaked", "wiped"));

            assertThat(cache(id)).doesNotExist();
            assertThat(log.warnings()).last().asString().contains(id.value(), "released");
        }
    }

    @Test
    void aLeakedHandleWhoseCacheWasLostIsReleased() {
        CacheManager manager = watching(settings -> settings.releaseLeaked(true));

        try (LogWatch log = new LogWatch()) {
            CacheId id = createAndDrop(manager);
            manager().evictForcibly(id);
            awaitReport(id);

            await().until(() -> log.warnings().stream().anyMatch(warning -> warning.contains("released")));
            await().untilAsserted(() -> assertThat(listener.heardOf(id)).containsExactly("created", "leaked", "lost"));
        }
    }

    @Test
    void aLeakedHandleIsOneOfSeveral() {
        CacheManager manager = watching(settings -> settings.releaseLeaked(true));
        CacheDirectory cache = manager.create();

        try (LogWatch log = new LogWatch()) {
            attachAndDrop(manager, cache.id());
            awaitReport(cache.id());
            await().until(() -> log.warnings().stream().anyMatch(warning -> warning.contains("released")));
        }

        assertThat(cache.path()).exists();
        cache.close();
        assertThat(cache(cache.id())).doesNotExist();
    }

    private static void attachAndDrop(CacheManager manager, CacheId id) {
        manager.attach(id);
    }
}
