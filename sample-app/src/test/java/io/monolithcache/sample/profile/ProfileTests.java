// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.sample.Desk;
import io.monolithcache.sample.DeskClient.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the profiles of good tables say. */
class ProfileTests {

    @AutoClose
    private static Desk desk;

    @BeforeAll
    static void start(@TempDir Path root) {
        desk = Desk.start(root);
    }

    @Test
    void theBundledDataSetIsProfiled() {
        Answer answer = desk.client().upload(Path.of("data/time-zone-transitions.csv"));

        assertThat(answer.status()).isEqualTo(201);
        JsonNode profile = answer.json().get("profile");
        assertThat(profile.get("rows").asInt()).isEqualTo(16_815);
        assertThat(profile.get("columns").get(0)).hasToString("""
                {"name":"zone","type":"VARCHAR","min":"Africa/Abidjan","max":"Pacific/Tongatapu","distinct":312,"nulls":0}""");
        assertThat(profile.get("columns").get(1)).hasToString("""
                {"name":"instant","type":"TIMESTAMP WITH TIME ZONE","min":"1844-12-31 13:08:04+00",\
                "max":"2087-10-24 23:00:00+00","distinct":6559,"nulls":0}""");
    }

    @Test
    void distinctIsCountedAndNotEstimated() {
        String ids = IntStream.range(0, 20_000).mapToObj(i -> "id-" + i).collect(Collectors.joining("\n"));

        assertThat(column("ids.csv", "id\n" + ids, 0).get("distinct").asInt()).isEqualTo(20_000);
    }

    @Test
    void emptyValuesAreNulls() {
        JsonNode column = column("gaps.csv", "a,b\n1,\n2,x\n3,\n", 1);

        assertThat(column.get("nulls").asInt()).isEqualTo(2);
        assertThat(column.get("distinct").asInt()).isEqualTo(1);
    }

    @Test
    void aColumnWithoutValuesHasNoLeastAndNoGreatest() {
        JsonNode column = column("gaps.csv", "a,b\n1,\n2,\n", 1);

        assertThat(column.get("min").isNull()).isTrue();
        assertThat(column.get("max").isNull()).isTrue();
    }

    @Test
    void wholeNumbersBeyond64BitsAreKeptApart() {
        JsonNode column = column("ids.csv", "id,x\n12345678901234567890,1.5\n12345678901234567891,1.5\n", 0);

        assertThat(column.get("type").asString()).isEqualTo("VARCHAR");
        assertThat(column.get("distinct").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345678901234567.81 12345678901234567.82 12345678901234567.83",
                "0.12345678901234567891 0.12345678901234567892",
                "12345678901234567890.0 12345678901234567891.0",
                "1e-400 2e-400",
                "1e400 2e400",
                "2020-01-01T00:00:00.123456781 2020-01-01T00:00:00.123456782",
                "2020-01-01T00:00:00.123456781Z 2020-01-01T00:00:00.123456782Z",
                "12:00:00.1234567 12:00:00.1234568"
            })
    void valuesThatNoTypeKeepsApartAreKeptAsText(String values) {
        String[] lines = values.split(" ");

        JsonNode column = column("exact.csv", "x,a\n1.5,\n1.5," + String.join("\n1.5,", lines) + "\n", 1);

        assertThat(column.get("type").asString()).isEqualTo("VARCHAR");
        assertThat(column.get("distinct").asInt()).isEqualTo(lines.length);
        assertThat(column.get("min").asString()).isEqualTo(lines[0]);
        assertThat(column.get("max").asString()).isEqualTo(lines[lines.length - 1]);
    }

    @ParameterizedTest
    @CsvSource({
        "1.9885e30, 5.97e24, DOUBLE",
        "0.30000000000000004, 1.2345678901234568E-05, DOUBLE",
        "1.500000000000000000000, 100000000000000000000, DOUBLE",
        "5e-324, -1.7976931348623157e+308, DOUBLE",
        "2020-01-01T00:00:00.1234560, 2020-01-01T00:00:00.0000000, TIMESTAMP",
        "12:00:00.123456, 12:00:00.1234560, TIME"
    })
    void valuesThatComeBackKeepTheirType(String first, String second, String type) {
        assertThat(column("typed.csv", "a\n" + first + "\n" + second + "\n", 0)
                        .get("type")
                        .asString())
                .isEqualTo(type);
    }

    @Test
    void onlyTheColumnsThatLoseSomethingBecomeText() {
        String header = IntStream.range(0, 600).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String row = IntStream.range(0, 600)
                .mapToObj(i -> i % 250 == 7 ? "0.12345678901234567891" : "0.5")
                .collect(Collectors.joining(","));

        List<String> types =
                profile("wide.csv", header + "\n" + row + "\n").get("columns").findValuesAsString("type");

        assertThat(IntStream.range(0, 600)
                        .filter(i -> types.get(i).equals("VARCHAR"))
                        .boxed())
                .containsExactly(7, 257, 507);
    }

    @Test
    void aValueThatDoesNotFitFarBelowTheFirstRowsDecidesTheType() {
        String numbers = IntStream.range(0, 30_000).mapToObj(i -> i + ",x\n").collect(Collectors.joining());

        assertThat(column("late.csv", "a,b\n" + numbers + "n/a,x\n", 0)
                        .get("type")
                        .asString())
                .isEqualTo("VARCHAR");
    }

    @Test
    void theHeaderTellsTheDelimiter() {
        JsonNode profile = profile("prices.csv", "item;price\n\"bread; white\";1,95\nmilk;0,99\n");

        assertThat(profile.get("columns").findValuesAsString("name")).containsExactly("item", "price");
    }

    @Test
    void tabsSeparateToo() {
        assertThat(profile("t.tsv", "a\tb\n1\t2\n").get("columns").size()).isEqualTo(2);
    }

    @Test
    void aByteOrderMarkIsNotPartOfTheFirstName() {
        assertThat(column("bom.csv", "\uFEFFa,b\r\n1,2\r\n", 0).get("name").asString())
                .isEqualTo("a");
    }

    @Test
    void aQuotedValueMayHoldDelimitersAndLines() {
        JsonNode column = column("people.csv", "name\n\"Smith, J\"\n\"two\nlines\"\n", 0);

        assertThat(column.get("distinct").asInt()).isEqualTo(2);
    }

    /** Spreadsheets write this: lines end with CRLF, line breaks inside of a value are LF. */
    @Test
    void aLineBreakInAValueNeedNotBeThatOfTheRows() {
        JsonNode column = column("cells.csv", "a,b\r\n\"two\nlines\",1\r\n\"two\r\nlines\",2\r\n", 0);

        assertThat(column.get("distinct").asInt()).isEqualTo(2);
    }

    @Test
    void oddColumnNamesAreKeptAndMadeDifferent() {
        JsonNode profile = profile("odd.csv", "\"a b\",,a,A,a,\"q\"\"q\",sel;ect\n1,2,3,4,5,6,7\n");

        assertThat(profile.get("columns").findValuesAsString("name"))
                .containsExactly("a b", "column1", "a", "A_1", "a_2", "q\"q", "sel;ect");
        assertThat(profile.get("columns").findValuesAsString("min")).containsExactly("1", "2", "3", "4", "5", "6", "7");
    }

    @Test
    void aTableMayHaveTwoThousandColumns() {
        String header = IntStream.range(0, 2_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String row = IntStream.range(0, 2_000).mapToObj(Integer::toString).collect(Collectors.joining(","));

        JsonNode profile = profile("wide.csv", header + "\n" + row + "\n" + row + "\n");

        assertThat(profile.get("columns").size()).isEqualTo(2_000);
        assertThat(profile.get("columns").get(1_999).get("max").asString()).isEqualTo("1999");
    }

    @Test
    void jsonLinesHaveTypes() {
        JsonNode profile = profile("events.jsonl", """
                {"n": 1, "s": "x", "day": "2024-01-01", "ok": true}
                {"n": 2, "s": "y", "day": "2024-02-01", "ok": null}
                """);

        assertThat(profile.get("columns").findValuesAsString("type"))
                .containsExactly("BIGINT", "VARCHAR", "DATE", "BOOLEAN");
        assertThat(profile.get("columns").findValuesAsString("max")).containsExactly("2", "y", "2024-02-01", "true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "18446744073709551614, 18446744073709551615",
                "98446744073709551614, 98446744073709551615",
                "1e400, 2e400",
                "\"12:00:00.123456781\", \"12:00:00.123456782\"",
                "\"2020-01-01 00:00:00.123456781\", \"2020-01-01 00:00:00.123456782\""
            })
    void valuesOfJsonThatNoTypeKeepsApartAreKeptAsText(String values) {
        String lines = Stream.of(values.split(", "))
                .map(value -> "{\"day\":\"12-31-2020\",\"o\":{\"k\":1},\"it's\":" + value + "}\n\n")
                .collect(Collectors.joining());

        JsonNode profile = profile("exact.jsonl", lines + "{\"day\":\"12-30-2020\"}\n");

        assertThat(profile.get("columns").findValuesAsString("type")).containsExactly("DATE", "JSON", "VARCHAR");
        JsonNode column = profile.get("columns").get(2);
        assertThat(column.get("distinct").asInt()).isEqualTo(2);
        assertThat(column.get("nulls").asInt()).isEqualTo(1);
        assertThat(values.replace("\"", ""))
                .startsWith(column.get("min").asString())
                .endsWith(column.get("max").asString());
    }

    @Test
    void fractionsOfJsonStayNumbers() {
        assertThat(column("prices.jsonl", "{\"p\":0.30000000000000004}\n{\"p\":2}\n", 0)
                        .get("type")
                        .asString())
                .isEqualTo("DOUBLE");
    }

    @Test
    void nestedValuesAreComparedAsJson() {
        JsonNode column = column("nested.jsonl", "{\"o\":{\"k\": 1}}\n{\"o\":{\"k\":1}}\n{\"o\":{\"k\":[2]}}\n", 0);

        assertThat(column.get("type").asString()).isEqualTo("JSON");
        assertThat(column.get("min").asString()).isEqualTo("{\"k\":1}");
        assertThat(column.get("distinct").asInt()).isEqualTo(2);
    }

    @Test
    void namesThatDifferInTheirCaseAreTwoColumns() {
        assertThat(profile("case.jsonl", "{\"a\":1,\"A\":2}\n").get("columns").size())
                .isEqualTo(2);
    }

    @Test
    void theFirstCharacterTellsTheFormatWhenTheNameDoesNot() {
        assertThat(column("export", "  {\"n\":1}\n", 0).get("name").asString()).isEqualTo("n");
        assertThat(column("export", "n\n1\n", 0).get("name").asString()).isEqualTo("n");
    }

    @Test
    void longValuesAreCut() {
        assertThat(column("long.csv", "a\n" + "x".repeat(5_000) + "\n", 0)
                        .get("min")
                        .asString())
                .hasSize(1_000);
    }

    private static JsonNode column(String name, String table, int index) {
        return profile(name, table).get("columns").get(index);
    }

    private static JsonNode profile(String name, String table) {
        Answer answer = desk.client().upload(name, table);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().get("profile");
    }
}
