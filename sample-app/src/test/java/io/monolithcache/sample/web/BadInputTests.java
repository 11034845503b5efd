// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.monolithcache.sample.Desk;
import io.monolithcache.sample.DeskClient;
import io.monolithcache.sample.DeskClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is sent: the answer is a problem with a sentence that helps, and nothing is left behind. */
class BadInputTests {

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
    void nothingIsLeftBehind() {
        await().untilAsserted(() -> assertThat(desk.directories()).isEqualTo(before));
    }

    static Stream<Arguments> badFiles() {
        return Stream.of(
                bad("empty CSV", "a.csv", "", "The file is empty."),
                bad("empty JSON-lines", "a.jsonl", "", "a whole JSON object on each line"),
                bad("header only", "a.csv", "a,b\n", "a header and no row"),
                bad("one line", "a.csv", "hello", "a header and no row"),
                bad("blank lines", "a.csv", "\n\n", "The first line is blank."),
                bad("blank first line", "a.csv", "\na,b\n1,2\n", "The first line is blank."),
                bad("NUL", "a.csv", "a,b\n1,\0\n", "Line 2 has a NUL character"),
                bad("Latin 1", "a.csv", "a,b\n1,é\n".getBytes(ISO_8859_1), "Line 2 is not UTF-8"),
                bad("UTF-16", "a.csv", "a,b\n1,2\n".getBytes(UTF_16), "not UTF-8"),
                bad("a value missing", "a.csv", "a,b\n1,2\n3\n", "Line: 3. Expected Number of Columns: 2 Found: 1"),
                bad(
                        "a value too many",
                        "a.csv",
                        "a,b\n1,2\n3,4,5\n",
                        "Line: 3. Expected Number of Columns: 2 Found: 3"),
                bad("open quote", "a.csv", "a,b\n1,\"x\n2,3\n", "Line: 2. Value with unterminated quote"),
                bad("a letter", "a.csv", "Dear Sir,\n\nI write to you, about, a thing.\nYours,\nMe\n", "Line: 3"),
                bad(
                        "line ends of two kinds",
                        "a.csv",
                        "a,b\r\n1,2\n3,4\r\n",
                        "Line 2 ends with LF, the first one with CRLF. Let all lines end alike"),
                bad(
                        "line ends of two kinds far below",
                        "a.csv",
                        "a,b\r\n" + "1,2\r\n".repeat(100_000) + "3,4\n",
                        "Line 100002 ends with LF, the first one with CRLF."),
                bad("long line", "a.csv", "a,b\n" + "x".repeat(3_000_000) + ",1\n", "Maximum line size"),
                bad("too many columns", "a.csv", ",".repeat(5_000) + "\n1\n", "more than 4096 columns"),
                bad("JSON array", "a.json", "[{\"a\":1},\n{\"a\":2}]\n", "Line 1 is not a JSON object."),
                bad("JSON over lines", "a.json", "{\n\"a\":1\n}\n", "Line 1 ends inside of an object."),
                bad("JSON values", "a.jsonl", "{\"a\":1}\n\"b\"\n", "Line 2 is not a JSON object."),
                bad("JSON without names", "a.jsonl", "{}\n{}\n", "has a name and a value"),
                bad("JSON with a name twice", "a.jsonl", "{\"a\":1,\"a\":2}\n", "duplicate key"),
                bad("JSON cut off", "a.jsonl", "{\"a\":1}\n{\"a\":\n", "Line 2 ends inside of an object."),
                bad("broken JSON", "a.jsonl", "{\"a\":1}\n{\"a\" 2}\n", "in line 2"),
                bad("JSON with a byte order mark", "a.jsonl", "\uFEFF{\"a\":1}\n", "byte order mark"),
                bad("too many names", "a.jsonl", names(0, 5_000) + "\n", "more than 4096 names"),
                bad(
                        "too many names in all",
                        "a.jsonl",
                        names(0, 3_000) + "\n" + names(3_000, 6_000),
                        "6000 different names"),
                bad("lists in lists", "a.jsonl", "{\"a\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}", "nested"),
                bad("objects in objects", "a.jsonl", "{\"a\":".repeat(200_000) + "1" + "}".repeat(200_000), "nested"));
    }

    private static String names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "\"n" + i + "\":1").collect(Collectors.joining(",", "{", "}"));
    }

    private static Arguments bad(String what, String name, String content, String sentence) {
        return bad(what, name, content.getBytes(UTF_8), sentence);
    }

    private static Arguments bad(String what, String name, byte[] content, String sentence) {
        return argumentSet(what, name, content, sentence);
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void aFileThatCannotBeProfiledIs422(String name, byte[] content, String sentence) {
        Answer answer = desk.client().upload(name, content);

        assertProblem(answer, 422, sentence);
        assertThat(answer.text()).doesNotContain("monolith-cache", "strict_mode", "Possible", "LINE 1");
    }

    @Test
    void anotherFieldIs400() {
        Answer answer = desk.client().upload("data", "a.csv", BodyPublishers.ofString("a,b\n1,2\n"));

        assertProblem(answer, 400, "curl -F file=@");
    }

    @Test
    void aSecondFieldIs400() {
        String second = "a\n1\n\r\n" + DeskClient.partHead("data", "b.csv") + "a\n1\n";

        assertProblem(desk.client().upload("a.csv", second), 400, "field 'data'");
    }

    @Test
    void twoFilesAre400() {
        String second = "a\n1\n\r\n" + DeskClient.partHead("file", "b.csv") + "a\n1\n";

        assertProblem(desk.client().upload("a.csv", second), 400, "one at a time");
    }

    @ParameterizedTest
    @CsvSource({"text/csv, 415", "multipart/form-data, 400"})
    void aBodyThatIsNotMultipartOrHasNoBoundaryIsRefused(String type, int status) {
        assertProblem(desk.client().post("/jobs", type, "a,b\n1,2\n"), status, "multipart/form-data");
    }

    /** Tomcat takes 50, and Spring has one exception for this and for a file that is too large. */
    @Test
    void tooManyFieldsAre400() {
        String fields = "a\n1\n\r\n" + (DeskClient.partHead("field", "x") + "x\r\n").repeat(60);

        assertProblem(desk.client().upload("a.csv", fields), 400, "too many fields");
    }

    @Test
    void aNameThatIsMuchTooLongIs400() {
        assertProblem(desk.client().upload("x".repeat(3_000) + ".csv", "a\n1\n"), 400, "too long");
    }

    private static void assertProblem(Answer answer, int status, String sentence) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.json().get("title").asString()).isNotEmpty();
        assertThat(answer.json().get("detail").asString()).contains(sentence);
    }
}
