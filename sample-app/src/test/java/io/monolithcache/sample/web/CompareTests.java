// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.sample.Desk;
import io.monolithcache.sample.DeskClient;
import io.monolithcache.sample.DeskClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How two tables differ, worked out in the directory of the request. */
class CompareTests {

    @AutoClose
    private static Desk desk;

    private List<String> before;

    @BeforeAll
    static void start(@TempDir Path root) {
        desk = Desk.start(root);
    }

    @BeforeEach
    void look() {
        before = desk.directories();
    }

    @AfterEach
    void nothingIsLeft() {
        await().until(() -> desk.directories().equals(before));
    }

    @Test
    void columnsAndRowsAreTold() {
        Answer answer = desk.client().compare("id,name,old\n1,a,x\n2,b,x\n2,b,x\n", "id,name,new\n2,b,y\n3,c,y\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .isEqualTo("{\"columns\":{\"both\":[\"id\",\"name\"],\"retyped\":[],\"onlyLeft\":[\"old\"],"
                        + "\"onlyRight\":[\"new\"]},"
                        + "\"rows\":{\"left\":3,\"right\":2,\"both\":1,\"onlyLeft\":2,\"onlyRight\":1}}");
    }

    @Test
    void aColumnOfAnotherTypeIsComparedAsText() {
        Answer answer = desk.client().compare("id\n1\n2\n", "id\n1\nx\n");

        assertThat(answer.json().at("/columns/retyped/0").toString())
                .isEqualTo("{\"name\":\"id\",\"left\":\"BIGINT\",\"right\":\"VARCHAR\"}");
        assertThat(answer.json().at("/rows/both").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.5,3", "2.50,1", "1e3,2.5", "True,False", "2026-11-20T10:00:00Z,2026-11-21"})
    void whatIsTextOnOneSideIsComparedAsItIsWritten(String values) {
        String column = "v\n" + values.replace(',', '\n') + "\n";

        Answer answer = desk.client().compare(column, column + "x\n");
        Answer reversed = desk.client().compare(column + "x\n", column);

        assertThat(answer.json().at("/columns/retyped")).hasSize(1);
        assertThat(answer.json().at("/rows").toString())
                .isEqualTo("{\"left\":2,\"right\":3,\"both\":2,\"onlyLeft\":0,\"onlyRight\":1}");
        assertThat(reversed.json().at("/rows/both").asInt()).isEqualTo(2);
    }

    @Test
    void jsonLinesThatAreTextOnOneSideAreComparedAsTheyAreWritten() {
        String rows = "{\"a\":7,\"A\":2.5,\"t\":\"2026-11-20T10:00:00Z\",\"n\":{\"x\":1}}\n";
        String other = "{\"a\":\"x\",\"A\":\"x\",\"t\":\"x\",\"n\":\"x\"}\n";

        Answer answer = desk.client().compare("left.jsonl", rows, "right.jsonl", rows + other);

        assertThat(answer.json().at("/columns/retyped")).as(answer.text()).isNotEmpty();
        assertThat(answer.json().at("/rows/both").asInt()).as(answer.text()).isEqualTo(1);
    }

    @Test
    void textAmongNumbersOfJsonLinesIsTheSameText() {
        String text = "{\"v\":\"n/a\"}\n";
        String mixed = text + "{\"v\":2.5}\n";

        assertThat(rowsInBoth(desk.client().compare("left.jsonl", text, "right.jsonl", mixed)))
                .isEqualTo(1);
        assertThat(rowsInBoth(desk.client().compare("left.csv", "v\nn/a\n2.5\n", "right.jsonl", mixed)))
                .isEqualTo(2);
        assertThat(rowsInBoth(desk.client().compare("left.jsonl", mixed, "right.jsonl", mixed)))
                .isEqualTo(2);
    }

    @Test
    void anObjectIsTheSameAsItsText() {
        String json = "{\"o\":{\"k\": 1}}\n{\"o\":{\"j\":1}}\n";

        Answer answer = desk.client()
                .compare(
                        "left.csv",
                        "o\n'{\"k\":1}'\nx\n".replace("\"", "\"\"").replace('\'', '"'),
                        "right.jsonl",
                        json);

        assertThat(rowsInBoth(answer)).as(answer.text()).isEqualTo(1);
    }

    @Test
    void anObjectIsTheSameBesideOnesWithOtherNames() {
        String one = "{\"o\":{\"k\": 1}}\n{\"o\":null}\n{\"p\":[1]}\n";
        String other = one + "{\"o\":{\"j\":1}}\n{\"p\":[{\"k\":1}]}\n";

        Answer answer = desk.client().compare("left.jsonl", one, "right.jsonl", other);

        assertThat(answer.json().at("/columns/both")).as(answer.text()).hasSize(2);
        assertThat(rowsInBoth(answer)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"01/02/2026, 13/02/2026", "01/02/2026 10:00, 13/02/2026 10:00", "01-02-26, 13-02-26"})
    void datesWithoutTheYearInFrontAreComparedAsText(String date, String other) {
        String csv = "d\n" + date + "\n";
        String json = "{\"d\":\"" + date + "\"}\n";

        Answer answer = desk.client().compare(csv, csv + other + "\n");
        Answer mixed = desk.client().compare("left.jsonl", json, "right.csv", csv + other + "\n");
        Answer iso = desk.client().compare(csv, "d\n2026-02-01\n");

        assertThat(rowsInBoth(answer)).as(answer.text()).isEqualTo(1);
        assertThat(rowsInBoth(mixed)).as(mixed.text()).isEqualTo(1);
        assertThat(iso.json().at("/columns/retyped/0").toString())
                .isEqualTo("{\"name\":\"d\",\"left\":\"VARCHAR\",\"right\":\"DATE\"}");
        assertThat(rowsInBoth(iso)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "9007199254740993, 9007199254740992, 0",
        "9007199254740993, 9007199254740993, 1",
        "1234567890123456800, 1234567890123456800, 1",
        "2, 2.0, 1",
        "2000, 2e3, 1",
        "0, -0.0, 1"
    })
    void wholeNumbersKeepTheirDigitsBesideFractions(String whole, String beside, int both) {
        String fractions = "v\n" + beside + "\n2.5\n";

        assertThat(rowsInBoth(desk.client().compare("v\n" + whole + "\n", fractions)))
                .isEqualTo(both);
        assertThat(rowsInBoth(desk.client().compare(fractions, "v\n" + whole + "\n")))
                .isEqualTo(both);
    }

    /** The docs say so: DuckDB's parser makes floating point numbers of them, and nobody can ask for the text. */
    @Test
    void aFractionOfJsonIsWrittenAnew() {
        Answer answer = desk.client()
                .compare("left.csv", "v\n2.50\n2.5\n1e3\nx\n", "right.jsonl", "{\"v\":2.50}\n{\"v\":1e3}\n");

        assertThat(answer.json().at("/rows").toString())
                .isEqualTo("{\"left\":4,\"right\":2,\"both\":1,\"onlyLeft\":3,\"onlyRight\":1}");
    }

    @Test
    void aTimeWithoutAZoneIsTakenAsUtc() {
        Answer answer = desk.client().compare("t\n2026-11-20 10:00:00\n", "t\n2026-11-20T12:00:00+02:00\n");

        assertThat(answer.json().at("/columns/retyped")).hasSize(1);
        assertThat(rowsInBoth(answer)).isEqualTo(1);
    }

    @Test
    void aTableAndItsJsonLinesAreTheSame() {
        Answer answer = desk.client()
                .compare(
                        "left.csv",
                        "it's,\"a\"\"b\"\n1,x\n2,y\n",
                        "right.jsonl",
                        "{\"a\\\"b\":\"y\",\"it's\":2}\n{\"it's\":1,\"a\\\"b\":\"x\"}\n");

        assertThat(answer.text())
                .isEqualTo("{\"columns\":{\"both\":[\"it's\",\"a\\\"b\"],\"retyped\":[],\"onlyLeft\":[],"
                        + "\"onlyRight\":[]},"
                        + "\"rows\":{\"left\":2,\"right\":2,\"both\":2,\"onlyLeft\":0,\"onlyRight\":0}}");
    }

    @Test
    void aTableWithoutRowsIsCompared() {
        Answer answer = desk.client().compare("a,b\n", "b,a\n1,2\n");

        assertThat(answer.json().at("/rows").toString())
                .isEqualTo("{\"left\":0,\"right\":1,\"both\":0,\"onlyLeft\":0,\"onlyRight\":1}");
    }

    @Test
    void twoFilesOnOneSideAre400() {
        String second = "a\n1\n\r\n" + DeskClient.partHead("left", "b.csv") + "a\n1\n";

        Answer answer = desk.client().compare(second, "a\n1\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").asString()).contains("2 fields 'left'");
    }

    @Test
    void aThirdFieldIs400() {
        Answer answer =
                desk.client().compare("a\n1\n", "a\n1\n\r\n" + DeskClient.partHead("middle", "c.csv") + "a\n1\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").asString()).contains("'middle'", "'left' and 'right'");
    }

    @ParameterizedTest
    @CsvSource({"text/csv, 415", "multipart/form-data, 400"})
    void whatIsNoMultipartRequestIsToldHowToCompare(String type, int status) {
        Answer answer = desk.client()
                .send(desk.client()
                        .request("/compare")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString("a,b\n1,2\n")));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().get("detail").asString())
                .contains("-F left=@", "…/compare")
                .doesNotContain("…/jobs");
    }

    @Test
    void numbersAndTimesAreComparedAsSuchWhateverTheirTypes() {
        Answer answer = desk.client()
                .compare("n,t\n1,2026-11-20\n2,2026-11-21\n", "n,t\n1,2026-11-20\n2.5,2026-11-21 12:00:00\n");

        assertThat(answer.json().at("/columns/retyped")).hasSize(2);
        assertThat(answer.json().at("/rows/both").asInt()).isEqualTo(1);
    }

    @Test
    void tablesWithoutACommonColumnHaveNoCommonRow() {
        Answer answer = desk.client().compare("a,b\n1,2\n", "c,d\n1,2\n");

        assertThat(answer.json().at("/rows").toString())
                .isEqualTo("{\"left\":1,\"right\":1,\"both\":0,\"onlyLeft\":1,\"onlyRight\":1}");
    }

    @ParameterizedTest
    @CsvSource({"'', 'a,b\n1,2\n', left", "'a,b\n1,2\n', '', right"})
    void theProblemNamesTheFileThatIsNoTable(String left, String right, String bad) {
        Answer answer = desk.client().compare(left, right);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("detail").asString()).startsWith("'" + bad + "': The file is empty.");
    }

    @Test
    void bothFilesAreWanted() {
        Answer answer = desk.client()
                .post(
                        "/compare",
                        "multipart/form-data; boundary=x",
                        "--x\r\nContent-Disposition: form-data; name=\"left\"; filename=\"a.csv\"\r\n\r\na,b\n1,2\n\r\n--x--\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").asString()).contains("no field 'right'", "-F left=@");
    }

    private static int rowsInBoth(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().at("/rows/both").asInt();
    }
}
