// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.sample.Desk;
import io.monolithcache.sample.DeskClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The life of jobs over HTTP. */
class JobsTests {

    private static final String TABLE = "city,people\nBern,134794\nZug,30618\n";
    private static final String UNKNOWN = "01m7wkmt3wrt8khkmwhkbn0e5z";

    @AutoClose
    private static Desk desk;

    @BeforeAll
    static void start(@TempDir Path root) {
        desk = Desk.start(root);
    }

    @AfterEach
    void deleteAll() {
        for (String id : ids(desk.client().get("/jobs?limit=100").json())) {
            desk.client().delete("/jobs/" + id);
        }
    }

    @Test
    void anUploadIsAnsweredWithItsPlaceProfileAndDirectory() {
        Answer answer = desk.client().upload("cities.csv", TABLE);

        assertThat(answer.status()).isEqualTo(201);
        JsonNode job = answer.json();
        String id = job.get("id").asString();
        assertThat(answer.header("Location")).isEqualTo("/jobs/" + id);
        assertThat(job.get("profile")).hasToString("""
                        {"rows":2,"columns":[\
                        {"name":"city","type":"VARCHAR","min":"Bern","max":"Zug","distinct":2,"nulls":0},\
                        {"name":"people","type":"BIGINT","min":"30618","max":"134794","distinct":2,"nulls":0}]}""");
        JsonNode directory = job.get("directory");
        assertThat(directory.get("id").asString()).isEqualTo(id);
        assertThat(directory.get("location").asString())
                .isEqualTo(desk.directory(id).toUri().toString());
        assertThat(directory.get("locked").asBoolean()).isFalse();
    }

    @Test
    void aJobSaysWhoHoldsIt() {
        JsonNode directory = desk.client().upload("cities.csv", TABLE).json().get("directory");

        JsonNode owner = directory.get("owners").get(0);
        assertThat(directory.get("owners").size()).isEqualTo(1);
        assertThat(owner.get("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
        assertThat(owner.get("since").asString())
                .isEqualTo(ProcessHandle.current()
                        .info()
                        .startInstant()
                        .orElseThrow()
                        .toString());
        assertThat(owner.get("host").isNull()).as("all are on one machine").isTrue();
    }

    @Test
    void everythingOfAJobLiesInItsDirectory() {
        String id = desk.client().newJob("cities.csv", TABLE);

        assertThat(desk.directory(id))
                .isDirectoryContaining("glob:**/input.csv")
                .isDirectoryContaining("glob:**/data.parquet")
                .isDirectoryContaining("glob:**/profile.json");
        assertThat(desk.directories()).containsExactly(id);
    }

    @Test
    void aJobIsFoundAgain() {
        Answer made = desk.client().upload("cities.csv", TABLE);

        Answer found = desk.client().get(made.header("Location"));

        assertThat(found.status()).isEqualTo(200);
        assertThat(found.json()).isEqualTo(made.json());
    }

    @Test
    void jobsAreListedNewestFirst() {
        String first = desk.client().newJob("1.csv", TABLE);
        String second = desk.client().newJob("2.csv", TABLE);

        JsonNode page = desk.client().get("/jobs").json();

        assertThat(ids(page)).containsExactly(second, first);
        assertThat(page.get("jobs").get(0).get("name").asString()).isEqualTo("2.csv");
        assertThat(page.get("jobs").get(0).get("rows").asInt()).isEqualTo(2);
        assertThat(page.get("next").isNull()).isTrue();
    }

    @Test
    void aPageTellsWhereTheNextBegins() {
        String first = desk.client().newJob("1.csv", TABLE);
        String second = desk.client().newJob("2.csv", TABLE);
        String third = desk.client().newJob("3.csv", TABLE);

        JsonNode newest = desk.client().get("/jobs?limit=2").json();
        JsonNode oldest = desk.client()
                .get("/jobs?limit=2&after=" + newest.get("next").asString())
                .json();

        assertThat(ids(newest)).containsExactly(third, second);
        assertThat(ids(oldest)).containsExactly(first);
        assertThat(oldest.get("next").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=101", "limit=many", "after=yesterday"})
    void aPageThatCannotBeIs400(String query) {
        assertThat(desk.client().get("/jobs?" + query).status()).isEqualTo(400);
    }

    @Test
    void aKeptJobIsLocked() {
        String id = desk.client().newJob("cities.csv", TABLE);

        Answer kept = desk.client().post("/jobs/" + id + "/keep");

        assertThat(kept.status()).isEqualTo(200);
        assertThat(kept.json().get("directory").get("locked").asBoolean()).isTrue();
        assertThat(desk.client().get("/jobs/" + id).json()).isEqualTo(kept.json());
    }

    @Test
    void keepingTwiceIsKeeping() {
        String id = desk.client().newJob("cities.csv", TABLE);
        desk.client().post("/jobs/" + id + "/keep");

        assertThat(desk.client().post("/jobs/" + id + "/keep").status()).isEqualTo(200);
        assertThat(desk.client().delete("/jobs/" + id).status()).isEqualTo(204);
        assertThat(desk.directory(id)).doesNotExist();
    }

    @Test
    void whatIsAnsweredWith406IsNotDone() {
        String id = desk.client().newJob("cities.csv", TABLE);

        Answer upload = desk.client().upload("others.csv", TABLE, "Accept", "text/html");
        Answer keep = desk.client()
                .send(desk.client()
                        .request("/jobs/" + id + "/keep", "Accept", "image/png")
                        .POST(BodyPublishers.noBody()));

        assertThat(List.of(upload.status(), keep.status())).containsOnly(406);
        assertThat(upload.header("Location")).isEmpty();
        assertThat(ids(desk.client().get("/jobs").json())).containsExactly(id);
        assertThat(desk.client()
                        .get("/jobs/" + id)
                        .json()
                        .get("directory")
                        .get("locked")
                        .asBoolean())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeletedJobIsGone(boolean kept) {
        String id = desk.client().newJob("cities.csv", TABLE);
        if (kept) {
            desk.client().post("/jobs/" + id + "/keep");
        }

        Answer deleted = desk.client().delete("/jobs/" + id);

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.text()).isEmpty();
        assertThat(desk.client().get("/jobs/" + id).status()).isEqualTo(404);
        assertThat(desk.directory(id)).doesNotExist();
    }

    @Test
    void anUnknownJobIs404() {
        assertThat(desk.client().get("/jobs/" + UNKNOWN).status()).isEqualTo(404);
        assertThat(desk.client().post("/jobs/" + UNKNOWN + "/keep").status()).isEqualTo(404);
        assertThat(desk.client().delete("/jobs/" + UNKNOWN).status()).isEqualTo(404);
        assertThat(desk.client()
                        .get("/jobs/" + UNKNOWN + "/files/input.csv")
                        .json()
                        .get("detail")
                        .asString())
                .contains(UNKNOWN);
    }

    @Test
    void anotherDirectoryIsNoJob() {
        try (CacheDirectory other = desk.bean(CacheManager.class).create()) {
            String id = other.id().value();

            assertThat(desk.client().get("/jobs/" + id).status()).isEqualTo(404);
            assertThat(desk.client().delete("/jobs/" + id).status()).isEqualTo(404);
            assertThat(desk.directory(id)).exists();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "..%5c..", "01M7WKMT3WRT8KHKMWHKBN0E5Z", "01m7wkmt3wrt8khkmwhkbn0e5z.", "%20"})
    void anIdThatIsNoneIs400(String id) {
        Answer answer = desk.client().get("/jobs/" + id);

        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void aJobThatAnOperatorEvictsIsForgotten() {
        String id = desk.client().newJob("cities.csv", TABLE);

        assertThat(desk.client()
                        .delete("/actuator/cachedirectories/" + id + "?force=true")
                        .status())
                .isEqualTo(204);

        assertThat(desk.client().get("/jobs/" + id).status()).isEqualTo(404);
        assertThat(ids(desk.client().get("/jobs").json())).isEmpty();
    }

    @Test
    void aJobWhoseFilesWereDestroyedByHandDoesNotHideTheOthers() throws Exception {
        String destroyed = desk.client().newJob("1.csv", TABLE);
        String other = desk.client().newJob("2.csv", TABLE);
        Files.delete(desk.directory(destroyed).resolve("meta.json"));

        assertThat(ids(desk.client().get("/jobs").json())).containsExactly(other);
        desk.client().delete("/jobs/" + destroyed);
        await().until(() -> !Files.exists(desk.directory(destroyed)));
    }

    private static List<String> ids(JsonNode page) {
        return page.get("jobs").findValuesAsString("id").stream().distinct().toList();
    }
}
