// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.sample.Desk;
import io.monolithcache.sample.DeskClient.Answer;
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
        await().until(() -> desk.directories().equals(before) && desk.spooled().isEmpty());
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
}
