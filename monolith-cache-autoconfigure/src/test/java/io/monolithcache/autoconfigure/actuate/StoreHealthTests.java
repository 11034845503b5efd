// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.CacheFilesAutoConfiguration;
import io.monolithcache.autoconfigure.ContextsOnOneRoot;
import io.monolithcache.store.Content;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoreLimits;
import io.monolithcache.store.index.SqliteIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the health {@code monolithCache} tells of stores. */
class StoreHealthTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(CacheFilesAutoConfiguration.class, CacheHealthAutoConfiguration.class)
                .withPropertyValues("monolith.cache.local.min-free-space=1");
    }

    private static Map<?, ?> files(Health health) {
        return (Map<?, ?>) ((Map<?, ?>) health.getDetails().get("stores")).get("files");
    }

    @Test
    void beforeTheFirstUseItIsUpWhateverTheDiskHas() {
        runner.withPropertyValues("monolith.cache.files.limits.keep-free=1000000TB")
                .run(context -> {
                    Health health = context.getBean(HealthIndicator.class).health();

                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(files(health).get("inUse")).isEqualTo(false);
                    assertThat(root).isEmptyDirectory();
                });
    }

    @Test
    void inUseItIsUpWithWhatItTakes() {
        runner.withPropertyValues("monolith.cache.files.limits.keep-free=0", "monolith.cache.files.limits.size=16KB")
                .run(context -> {
                    context.getBean(Store.class).put("a", Content.of(new byte[1]));

                    Health health = context.getBean(HealthIndicator.class).health();

                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(files(health).get("size")).isEqualTo(4096L);
                    assertThat(files(health).get("entries")).isEqualTo(1L);
                    assertThat(files(health).get("fill")).isEqualTo(0.25);
                    assertThat(files(health).keySet().stream().map(String::valueOf))
                            .contains("location", "free", "keepFree", "unlisted")
                            .doesNotContain("problem");
                });
    }

    @Test
    void freeSpaceThatCannotBeKeptIsOutOfService() {
        runner.withPropertyValues("monolith.cache.files.limits.keep-free=1000000TB")
                .run(context -> {
                    assertThat(context.getBean(Store.class).put("a", Content.of(new byte[1])))
                            .isFalse();

                    Health health = context.getBean(HealthIndicator.class).health();

                    assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    assertThat(files(health).get("problem")).asString().contains("even if the store were empty");
                });
    }

    @Test
    void moreThanAllowedIsOutOfService() {
        Path folder = root.resolve("store");
        try (Store earlier = Store.in(folder).index(SqliteIndex.FORMAT).open()) {
            earlier.put("a", Content.of(new byte[1]));
            earlier.put("b", Content.of(new byte[1]));
            earlier.lock("a");
            earlier.lock("b");
        }
        try (Store lowered = Store.in(folder)
                .index(SqliteIndex.FORMAT)
                .limits(StoreLimits.NONE.withEntries(1))
                .open()) {
            StorageLook.Seen seen = new StoreLook("store", lowered, Duration.ofSeconds(10))
                    .begin()
                    .get();

            assertThat(seen.status()).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(seen.details()).containsEntry("problem", "More is locked or in use than the limits allow");
        }
    }

    @Test
    void aFolderThatWasRemovedIsDown() {
        runner.run(context -> {
            assertThat(context.getBean(Store.class).find("a")).isEmpty();
            Files.move(root.resolve("monolith-cache-files"), root.resolve("aside"));

            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(files(health).get("error"))
                    .asString()
                    .contains("was removed while this process used it. Restart the application");
            Files.move(root.resolve("aside"), root.resolve("monolith-cache-files"));
        });
    }

    @Test
    void aPlaceThatCannotBeUsedAnyMoreIsDownBeforeTheFirstUse() {
        runner.run(context -> {
            Files.createFile(root.resolve("monolith-cache-files"));

            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(files(health).get("error")).asString().contains("is a file");
        });
    }

    @Test
    void aClosedStoreIsDown() {
        runner.run(context -> {
            context.getBean(Store.class).close();

            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(files(health).get("error")).asString().contains("is closed");
        });
    }

    @Test
    void withoutStoresNoneAreTold() {
        runner.withPropertyValues("monolith.cache.files.enabled=false")
                .run(context -> assertThat(
                                context.getBean(HealthIndicator.class).health().getDetails())
                        .doesNotContainKey("stores"));
    }
}
