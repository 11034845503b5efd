// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.local.RemoteRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Wipes, sweeps and handles whose time is up, on threads of the manager's own. */
@Tag("long")
class BackgroundWorkTests extends ManagersOnOneRoot {

    private static final Duration OFTEN = Duration.ofMillis(5);

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("monolith-cache"))
                .collect(Collectors.toSet());
    }

    // Wipes

    @Test
    void aSynchronousWipeHasDeletedWhenItReturns() throws IOException {
        CacheDirectory cache =
                manager(settings -> settings.wipe(WipeMode.SYNCHRONOUS)).create();
        fill(cache);

        cache.close();

        assertThat(cache(cache.id())).doesNotExist();
        assertThat(trash()).isEmptyDirectory();
    }

    @Test
    void aBackgroundWipeHasVanishedWhenItReturnsAndIsDeletedSoon() throws IOException {
        CacheDirectory cache = manager().create();
        fill(cache);

        cache.close();

        assertThat(cache(cache.id())).doesNotExist();
        await().untilAsserted(() -> assertThat(trash()).isEmptyDirectory());
    }

    private static void fill(CacheDirectory cache) throws IOException {
        for (int i = 0; i < 20; i++) {
            Path folder = Files.createDirectories(cache.path().resolve("folder" + i + "/deeper"));
            Files.writeString(folder.resolve("a.txt"), "text");
        }
    }

    @Test
    void closingAManagerWaitsForItsWipes() throws IOException {
        CacheManager manager = manager();
        for (int i = 0; i < 10; i++) {
            fill(manager.create());
        }

        manager.close();

        assertThat(trash()).isEmptyDirectory();
    }

    @Test
    void manyWipesAtOnceAreAllDeleted() {
        CacheManager manager = manager();
        Stream.generate(manager::create).limit(300).toList().forEach(CacheDirectory::close);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(trash()).isEmptyDirectory());
    }

    // Handles whose time is up

    @Test
    void theManagerClosesAHandleWhenItsTimeIsUp() {
        CacheDirectory cache = manager().create(CacheOptions.defaults().closeAfter(Duration.ofMillis(10)));

        await().untilAsserted(() -> assertThat(cache(cache.id())).doesNotExist());
        assertThat(cache).hasToString("cache " + cache.id() + " (closed)");
    }

    @Test
    void aHandleWhoseTimeIsUpIsOneOfSeveral() {
        CacheManager manager = manager();
        CacheDirectory timed = manager.create(CacheOptions.defaults().closeAfter(Duration.ofSeconds(1)));
        CacheDirectory other = manager.attach(timed.id());

        await().untilAsserted(() -> assertThat(timed.toString()).contains("closed"));

        assertThat(other.path()).exists();
    }

    @Test
    void aHandleMayBeClosedBeforeItsTime() {
        CacheManager manager = manager();
        CacheDirectory timed = manager.create(CacheOptions.defaults().closeAfter(Duration.ofSeconds(1)));
        CacheDirectory other = manager.attach(timed.id());

        timed.close();

        // a second release would wipe it
        await().during(Duration.ofMillis(1_500)).until(() -> Files.exists(other.path()));
    }

    @Test
    void aTimeBeyondAllTimeIsNever() {
        CacheDirectory cache = manager().create(CacheOptions.defaults().closeAfter(Duration.ofSeconds(Long.MAX_VALUE)));

        assertThat(cache.path()).exists();
    }

    // Sweeps

    @Test
    void aSweepInTheBackgroundReclaimsWhatADeadProcessLeft() {
        CacheManager manager = manager(settings -> settings.sweepInterval(OFTEN));
        RemoteRegistry process = otherProcess();
        CacheId theirs = CacheId.random(clock.instant());
        process.create(theirs, Map.of());
        CacheDirectory ours = manager.create();

        try (LogWatch log = new LogWatch()) {
            process.kill();
            await().untilAsserted(() -> assertThat(cache(theirs)).doesNotExist());
            await().untilAsserted(() -> assertThat(log.warnings())
                    .anyMatch(message ->
                            message.startsWith("A sweep dropped 1 references of 1 dead owners, and wiped 1")));
        }

        assertThat(ours.path()).exists();
    }

    @Test
    void leftoversStartTheSweeper() {
        CacheId theirs = createByTheDead();

        manager(settings -> settings.sweepInterval(OFTEN));

        await().untilAsserted(() -> assertThat(cache(theirs)).doesNotExist());
    }

    @Test
    void withoutLeftoversNothingSweepsBeforeTheFirstUse() {
        CacheManager before = manager();
        before.create().close();
        before.close();
        await().until(() -> !threads().contains("monolith-cache-housekeeping"));

        CacheManager manager = manager(settings -> settings.sweepInterval(OFTEN));
        assertThat(threads()).doesNotContain("monolith-cache-housekeeping");

        manager.create();
        assertThat(threads()).contains("monolith-cache-housekeeping");
    }

    @Test
    void anAttachStartsTheSweeper() {
        CacheDirectory cache = manager().create();
        CacheManager manager = manager(settings -> settings.sweepInterval(OFTEN));
        manager.attach(cache.id());

        CacheId theirs = createByTheDead();

        await().untilAsserted(() -> assertThat(cache(theirs)).doesNotExist());
    }

    @Test
    void noIntervalMeansNoSweeps() {
        CacheId theirs = createByTheDead();
        CacheManager manager = manager();
        manager.create();

        await().during(Duration.ofMillis(60)).until(() -> Files.exists(cache(theirs)));

        assertThat(manager.sweep().directories()).isOne();
        assertThat(cache(theirs)).doesNotExist();
    }

    @Test
    void aSweepThatFailsIsTriedAgain() throws IOException {
        CacheManager manager = manager(settings -> settings.sweepInterval(OFTEN));
        RemoteRegistry process = otherProcess();
        CacheId theirs = CacheId.random(clock.instant());
        process.create(theirs, Map.of());
        manager.create();
        Path format = base().resolve(".monolith/format");
        String known = Files.readString(format);

        try (LogWatch log = new LogWatch()) {
            Files.writeString(format, "version=99");
            await().until(() -> log.warnings().contains("A sweep failed and is tried again"));
            Files.writeString(format, known);
            process.kill();
            await().untilAsserted(() -> assertThat(cache(theirs)).doesNotExist());
        }
    }

    @Test
    void closingAManagerEndsItsThreads() {
        CacheManager manager = manager(settings -> settings.sweepInterval(OFTEN));
        manager.create().close();
        assertThat(threads()).contains("monolith-cache-housekeeping");

        manager.close();

        await().untilAsserted(
                        () -> assertThat(threads()).isSubsetOf("monolith-cache-leaks", "monolith-cache-scope-leaks"));
    }
}
