// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a process that ends. */
class KilledProcessTests {

    private static final String TABLE = "city,people\nBern,134794\nZug,30618\n";

    @TempDir
    private Path folder;

    @Test
    void afterAKillOnlyWhatWasKeptIsThere() throws IOException {
        String kept;
        String gone;
        try (DeskProcess first = DeskProcess.start(List.of(), folder)) {
            kept = first.client().newJob("kept.csv", TABLE);
            first.client().post("/jobs/" + kept + "/keep");
            gone = first.client().newJob("gone.csv", TABLE);
            await("both jobs and DuckDB's library").until(() -> caches().size() == 3);
            first.kill();
        }
        assertThat(caches()).as("nobody could clean up").hasSize(3);

        try (DeskProcess second = DeskProcess.start(List.of(), folder)) {
            assertThat(second.client().get("/jobs/" + gone).status()).isEqualTo(404);
            assertThat(second.client()
                            .get("/jobs/" + kept)
                            .json()
                            .get("directory")
                            .get("locked")
                            .asBoolean())
                    .isTrue();
            assertThat(second.client().get("/jobs/" + kept + "/files/input.csv").text())
                    .isEqualTo(TABLE);
            assertThat(second.client().get("/jobs").json().get("jobs").size()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(caches()).containsExactly(kept));

            second.stop();
        }

        assertThat(caches()).containsExactly(kept);
        assertThat(temporaryFiles()).isEmpty();
    }

    private List<String> caches() throws IOException {
        return names(folder.resolve("root/monolith-cache/caches"));
    }

    /** DuckDB's library, Tomcat's folders and what is spooled would lie here. */
    private List<String> temporaryFiles() throws IOException {
        return names(folder.resolve("tmp"));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
