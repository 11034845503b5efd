// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.sample.Desk;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose time is up. */
class CloseAfterTests {

    private static final String TABLE = "a,b\n1,2\n";

    @AutoClose
    private static Desk desk;

    @BeforeAll
    static void start(@TempDir Path root) {
        desk = Desk.start(root, "data-desk.jobs.close-after=1s");
    }

    @Test
    void aJobThatIsNotKeptGoes() {
        String id = desk.client().newJob("a.csv", TABLE);

        awaitEndOf(id);

        assertThat(desk.directory(id)).doesNotExist();
        assertThat(desk.client().get("/jobs").text()).doesNotContain(id);
    }

    @Test
    void aKeptJobOutlivesItsTime() {
        String kept = desk.client().newJob("a.csv", TABLE);
        desk.client().post("/jobs/" + kept + "/keep");
        String later = desk.client().newJob("a.csv", TABLE);

        awaitEndOf(later);

        assertThat(desk.client().get("/jobs/" + kept).status()).isEqualTo(200);
        assertThat(desk.client().get("/jobs").text()).contains(kept);
        assertThat(desk.client().delete("/jobs/" + kept).status()).isEqualTo(204);
        assertThat(desk.directory(kept)).doesNotExist();
    }

    /** The actuator's lock keeps the directory, but nobody replaced the handle that has a time. */
    @Test
    void aJobThatAnOperatorLockedOutlivesItsTime() throws Exception {
        String locked = desk.client().newJob("a.csv", TABLE);
        desk.client().post("/actuator/cachedirectories/" + locked, "application/json", "{\"locked\":true}");
        String later = desk.client().newJob("a.csv", TABLE);

        awaitEndOf(later);

        assertThat(desk.client().get("/jobs").text()).contains(locked);
        assertThat(desk.client().delete("/jobs/" + locked).status()).isEqualTo(204);
        assertThat(desk.directory(locked)).doesNotExist();
    }

    @Test
    void aDownloadThatHasBegunEndsWell() throws Exception {
        String table = "a\n" + "some text of a row so that nothing buffers it all\n".repeat(400_000);
        String id = desk.client().newJob("a.csv", table);
        URI file = URI.create("http://127.0.0.1:" + desk.port() + "/jobs/" + id + "/files/input.csv");

        try (InputStream download = file.toURL().openStream()) {
            assertThat(download.read()).isEqualTo('a');
            String later = desk.client().newJob("a.csv", TABLE);
            awaitEndOf(later);
            assertThat(desk.directory(id)).exists();
            assertThat(1 + download.transferTo(OutputStream.nullOutputStream())).isEqualTo(table.length());
        }

        await().untilAsserted(() -> assertThat(desk.directory(id)).doesNotExist());
    }

    private static void awaitEndOf(String id) {
        await().until(() -> desk.client().get("/jobs/" + id).status() == 404);
    }
}
