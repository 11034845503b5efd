// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight processes on one cache, each of which sweeps every few milliseconds. */
@Tag("crash")
class ProcessRaceTests {

    private static final int PROCESSES = 8;

    @TempDir(factory = QuickFolder.class)
    Path root;

    private final List<Talk> processes = new ArrayList<>();
    private CacheManager manager;

    @BeforeEach
    void start() throws IOException {
        manager = CacheManager.builder()
                .root(root)
                .sweepInterval(Duration.ofMillis(1))
                .build();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(new Talk(root));
        }
    }

    @AfterEach
    void end() {
        processes.forEach(Talk::close);
        manager.close();
    }

    private void askAll(String command) {
        processes.forEach(process -> process.say(command));
        assertThat(processes).extracting(Talk::hear).containsOnly("done");
    }

    @Test
    void referencesAreCountedRightWhileEverybodyAttachesAndReleases() {
        CacheDirectory cache = manager.create();
        Path directory = cache.path();
        CacheId id = cache.id();

        askAll("hammer " + id + " 500");
        assertThat(references(id)).isEqualTo(1);

        askAll("attach " + id);
        assertThat(references(id)).isEqualTo(1 + PROCESSES);
        cache.close();

        for (int left = PROCESSES; left > 0; left--) {
            assertThat(directory).isDirectory();
            assertThat(references(id)).isEqualTo(left);
            assertThat(processes.get(left - 1).ask("release")).isEqualTo("done");
        }
        assertThat(directory).doesNotExist();
        assertThat(manager.find(id)).isEmpty();
    }

    private int references(CacheId id) {
        return manager.find(id).orElseThrow().references();
    }

    @Test
    void changesOfMetadataFromManyProcessesLoseNone() {
        int each = 100;
        try (CacheDirectory cache = manager.create()) {
            for (int number = 0; number < PROCESSES; number++) {
                processes.get(number).say("put " + cache.id() + " process-" + number + " " + each);
            }
            assertThat(processes).extracting(Talk::hear).containsOnly("done");

            assertThat(manager.find(cache.id()).orElseThrow().metadata()).hasSize(PROCESSES * each);
        }
    }
}
