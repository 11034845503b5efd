// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheManager;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that stands still is alive: its OS lock needs no heartbeat. */
@Tag("crash")
class PauseTests {

    @TempDir(factory = QuickFolder.class)
    Path root;

    private CacheManager tomorrow() {
        return CacheManager.builder()
                .root(root)
                .clock(Clock.offset(Clock.systemUTC(), Duration.ofDays(1)))
                .sweepInterval(Duration.ofMillis(1))
                .build();
    }

    private Path directory(String id) {
        return root.resolve("monolith-cache/caches").resolve(id);
    }

    @Test
    void stoppedProcessKeepsItsCachesAndGoesOn() throws Exception {
        try (Talk process = new Talk(root);
                CacheManager other = tomorrow()) {
            String id = process.ask("create");
            process.process().signal("STOP");

            for (int i = 0; i < 50; i++) {
                assertThat(other.sweep().deadOwners()).isZero();
            }
            assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> other.evict(CacheId.of(id)));
            assertThat(directory(id)).isDirectory();

            process.process().signal("CONT");
            assertThat(process.ask("write still-here")).isEqualTo("done");
            assertThat(directory(id).resolve("still-here")).exists();
            assertThat(process.ask("release")).isEqualTo("done");
            assertThat(directory(id)).doesNotExist();
        }
    }

    @Test
    void stoppedProcessThatIsKilledLeavesNothingToTheNextStart() throws Exception {
        String id;
        try (Talk process = new Talk(root)) {
            id = process.ask("create");
            process.process().signal("STOP");
            process.process().kill();
            process.process().awaitDeath();
        }
        assertThat(directory(id)).isDirectory();

        try (CacheManager next = tomorrow()) {
            await().untilAsserted(() -> assertThat(directory(id)).doesNotExist());
            await().untilAsserted(() -> assertThat(next.sweep().skipped()).isNull());
        }
        assertThat(new Remains(root.resolve("monolith-cache")).violations(locked -> false))
                .isEmpty();
    }
}
