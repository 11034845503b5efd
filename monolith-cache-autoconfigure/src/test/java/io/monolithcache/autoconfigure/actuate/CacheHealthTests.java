// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.ContextsOnOneRoot;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.RegistryStatus;
import io.monolithcache.directory.StorageStatus;
import io.monolithcache.directory.SweepReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class CacheHealthTests extends ContextsOnOneRoot {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final LastSweep lastSweep = new LastSweep(Clock.fixed(NOON, ZoneOffset.UTC));
    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(CacheHealthAutoConfiguration.class)
                .withPropertyValues(
                        "monolith.cache.directories.sweep-interval=0", "monolith.cache.local.min-free-space=1");
    }

    @Test
    void beforeTheFirstUseItIsUpWithWhatWouldBeUsedAndMakesNothing() {
        Path absent = root.resolve("not/there");
        runner.withPropertyValues("monolith.cache.local.path=" + absent).run(context -> {
            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("storage", "local")
                    .containsEntry("inUse", false)
                    .containsEntry(
                            "location", URI.create(root.toRealPath().toUri() + "not/there/monolith-cache/caches/"))
                    .doesNotContainKey("lastSweep");
            assertThat(root).isEmptyDirectory();
        });
    }

    @Test
    void inUseItIsUpWithTheSpaceOfTheDisk() {
        runner.run(context -> {
            context.getBean(CacheManager.class).create();

            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("inUse", true)
                    .containsEntry("threshold", 1L)
                    .containsEntry("total", Files.getFileStore(root).getTotalSpace())
                    .containsKey("free");
        });
    }

    @Test
    void aRootThatWasRemovedIsDown() {
        runner.run(context -> {
            context.getBean(CacheManager.class).create();
            Files.move(root.resolve("monolith-cache"), root.resolve("aside"));

            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails().get("error"))
                    .asString()
                    .contains("was removed or replaced")
                    .contains("Restart the application");
        });
    }

    @Test
    void aClosedManagerIsDown() {
        runner.run(context -> {
            context.getBean(CacheManager.class).close();

            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails()).containsEntry("error", "The cache manager is closed");
        });
    }

    @Test
    void lessSpaceThanWantedIsOutOfServiceAndNothingIsRefused() {
        runner.withPropertyValues("monolith.cache.local.min-free-space=1000000TB")
                .run(context -> {
                    assertThat(context.getBean(CacheManager.class).create().path())
                            .exists();

                    Health health = context.getBean(HealthIndicator.class).health();

                    assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    assertThat(health.getDetails())
                            .containsEntry(
                                    "threshold", DataSize.ofTerabytes(1_000_000).toBytes())
                            .containsKey("free");
                });
    }

    @Test
    void exactlyTheSpaceThatIsWantedIsEnough() {
        assertThat(health(() -> status(100L, 200L)).getStatus()).isEqualTo(Status.UP);
        assertThat(health(() -> status(99L, 200L)).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    }

    @Test
    void aStorageWithoutALimitIsUp() {
        Health health = health(() -> status(null, null));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsOnlyKeys("storage", "location", "inUse", "registry");
    }

    @Test
    @Timeout(30)
    void aDiskThatHangsIsDownAndTheAnswerComesAllTheSame() {
        CountDownLatch disk = new CountDownLatch(1);
        try {
            Health health = health(Duration.ofMillis(50), () -> {
                awaitQuietly(disk);
                return status(100L, 200L);
            });

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails().get("error")).asString().contains("not answered within");
        } finally {
            disk.countDown();
        }
    }

    @Test
    void aRegistryOfFilesIsTold() {
        assertThat(health(() -> status(100L, 200L)).getDetails()).containsEntry("registry", Map.of("name", "file"));
    }

    @Test
    void aRegistryOnAServerIsToldWithItsAnswerAndItsLease() {
        Health health = health(
                () -> status(100L, 200L),
                () -> new RegistryStatus("redis", "shop", Duration.ofNanos(1_234_567), Duration.ofNanos(7_654_321)));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry(
                        "registry",
                        Map.of(
                                "name",
                                "redis",
                                "namespace",
                                "shop",
                                "answeredIn",
                                Duration.ofNanos(1_234_000),
                                "leaseAge",
                                Duration.ofMillis(7)));
    }

    @Test
    void aRegistryThatDoesNotAnswerIsDownAndTheStorageIsToldAllTheSame() {
        Health health = health(() -> status(100L, 200L), () -> {
            throw new CacheBackendException("Redis is away", null);
        });

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails())
                .containsEntry("registry", Map.of("error", "Redis is away"))
                .containsEntry("free", 100L)
                .doesNotContainKey("error");
    }

    @Test
    void aRegistryThatAnswersDoesNotMakeUpForAStorageThatFails() {
        Health health = health(() -> {
            throw new CacheBackendException("The disk is away", null);
        });

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsEntry("error", "The disk is away");
    }

    @Test
    void littleSpaceIsNotWorseThanARegistryThatDoesNotAnswer() {
        Health health = health(() -> status(99L, 200L), () -> {
            throw new CacheBackendException("Redis is away", null);
        });

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void itNeverWipesNorSweeps() throws IOException {
        Path left = Files.createDirectories(root.resolve("monolith-cache/caches/01k8xq7d3v9m2c4n6p8r0s1t5w"));
        runner.withPropertyValues("monolith.cache.local.orphans=lock").run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            CacheDirectory locked = manager.create(CacheOptions.defaults().locked(Duration.ofMillis(1)));
            locked.close();
            Files.createDirectory(root.resolve("monolith-cache/.monolith/trash/old"));
            List<Path> before = everything();

            for (int i = 0; i < 3; i++) {
                context.getBean(HealthIndicator.class).health();
            }

            assertThat(everything()).isEqualTo(before).contains(left);
        });
    }

    /** Without what the background prepares ahead. */
    private List<Path> everything() throws IOException {
        try (Stream<Path> all = Files.walk(root, new FileVisitOption[0])) {
            return all.filter(path -> !path.toString().contains("/prepared/"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aSweepIsToldWithItsTime() {
        lastSweep.swept("local", new SweepReport(null, 0, 0, 0, 0, 0, Duration.ZERO));

        assertThat(health(() -> status(100L, 200L)).getDetails())
                .containsEntry("lastSweep", Map.of("at", NOON, "outcome", "completed"));
    }

    @Test
    void aSweepThatWasSkippedIsToldWithTheReason() {
        lastSweep.swept("local", SweepReport.skipped("another sweep is under way"));

        assertThat(health(() -> status(100L, 200L)).getDetails())
                .containsEntry(
                        "lastSweep", Map.of("at", NOON, "outcome", "skipped", "reason", "another sweep is under way"));
    }

    @Test
    void aSweepThatFailedIsToldAndChangesNoStatus() {
        lastSweep.sweepFailed("local", new CacheBackendException("no", null));

        Health health = health(() -> status(100L, 200L));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("lastSweep", Map.of("at", NOON, "outcome", "failed", "reason", "no"));
    }

    @Test
    void theSweepOfTheManagerIsTold() {
        runner.run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            manager.create();
            manager.sweep();

            assertThat(context.getBean(HealthIndicator.class).health().getDetails())
                    .extractingByKey("lastSweep")
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("outcome", "completed");
        });
    }

    @Test
    void itsNameIsMonolithCache() {
        runner.run(context -> assertThat(context).hasBean("monolithCacheHealthIndicator"));
    }

    @Test
    void disabledThereIsNone() {
        runner.withPropertyValues("management.health.monolith-cache.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void withoutAManagerThereIsNone() {
        runner.withPropertyValues("monolith.cache.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void aManagerOfTheApplicationHasHealthToo() {
        runner.withPropertyValues("monolith.cache.enabled=false")
                .withBean(CacheManager.class, this::managerOfTheApplication)
                .run(context -> assertThat(
                                context.getBean(HealthIndicator.class).health().getStatus())
                        .isEqualTo(Status.UP));
    }

    @Test
    void oneOfTheApplicationReplacesIt() {
        runner.withBean(
                        "monolithCacheHealthIndicator",
                        HealthIndicator.class,
                        () -> () -> Health.unknown().build())
                .run(context -> assertThat(
                                context.getBean(HealthIndicator.class).health().getStatus())
                        .isEqualTo(Status.UNKNOWN));
    }

    private Health health(Supplier<StorageStatus> look) {
        return health(Duration.ofMinutes(1), look, () -> new RegistryStatus("file", null, null, null));
    }

    private Health health(Supplier<StorageStatus> look, Supplier<RegistryStatus> ask) {
        return health(Duration.ofMinutes(1), look, ask);
    }

    private Health health(Duration limit, Supplier<StorageStatus> look) {
        return health(limit, look, () -> new RegistryStatus("file", null, null, null));
    }

    private Health health(Duration limit, Supplier<StorageStatus> look, Supplier<RegistryStatus> ask) {
        StorageLook local = new StorageLook(
                "local",
                new BoundedLook<>("storage", look, limit),
                new BoundedLook<>("registry", ask, limit),
                DataSize.ofBytes(100));
        return new CacheHealthIndicator(List.of(local), lastSweep, List.of()).health();
    }

    private static StorageStatus status(Long free, Long total) {
        return new StorageStatus("local", URI.create("file:///caches/"), true, free, total);
    }
}
