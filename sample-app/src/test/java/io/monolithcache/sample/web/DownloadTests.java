// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.sample.Desk;
import io.monolithcache.sample.DeskClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a job. */
class DownloadTests {

    private static final String TABLE = "city,people\nBern,134794\nZug,30618\n";

    @AutoClose
    private static Desk desk;

    private static String files;

    @BeforeAll
    static void start(@TempDir Path root) {
        desk = Desk.start(root);
        files = "/jobs/" + desk.client().newJob("Städte <1>.csv", TABLE) + "/files/";
    }

    @Test
    void theUploadComesBackAsItWas() {
        Answer answer = desk.client().get(files + "input.csv");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(TABLE);
    }

    @Test
    void aRangeIsServed() {
        Answer answer = desk.client().get(files + "input.csv", "Range", "bytes=5-10");

        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.text()).isEqualTo(TABLE.substring(5, 11));
        assertThat(answer.header("Content-Range")).isEqualTo("bytes 5-10/" + TABLE.length());
    }

    @Test
    void theEndOfAFileIsServed() {
        Answer answer = desk.client().get(files + "data.parquet", "Range", "bytes=-4");

        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.text()).isEqualTo("PAR1");
    }

    @Test
    void aRangeBehindTheEndIs416() {
        Answer answer = desk.client().get(files + "input.csv", "Range", "bytes=1000-");

        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.header("Content-Range")).isEqualTo("bytes */" + TABLE.length());
    }

    @Test
    void headTellsTheLength() {
        Answer answer =
                desk.client().send(desk.client().request(files + "input.csv").method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Length")).isEqualTo("" + TABLE.length());
    }

    @Test
    void anUnchangedFileIs304() {
        String modified = desk.client().get(files + "input.csv").header("Last-Modified");

        assertThat(desk.client()
                        .get(files + "input.csv", "If-Modified-Since", modified)
                        .status())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @CsvSource({
        "input.csv, text/csv;charset=UTF-8",
        "data.parquet, application/vnd.apache.parquet",
        "profile.json, application/json"
    })
    void eachFileHasItsType(String name, String type) {
        assertThat(desk.client().get(files + name).header("Content-Type")).isEqualTo(type);
    }

    @Test
    void aBrowserSavesAFileAndNeverRunsIt() {
        Answer answer = desk.client().get(files + "data.parquet");

        assertThat(answer.header("Content-Disposition"))
                .startsWith("attachment;")
                .contains("St%C3%A4dte");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "meta.json",
                "input.jsonl",
                "nothing",
                ".",
                "%2e%2e",
                "spill",
                "input.csv%20",
                "x%5c..%5cmeta.json"
            })
    void anyOtherNameIsNoFile(String name) {
        assertThat(desk.client().get(files + name).status()).isBetween(400, 404);
    }
}
