// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is learnt and refused before DuckDB sees a file. */
class TableTextTests {

    @TempDir
    private Path folder;

    /** At least one of these lengths puts a character across the border of the buffer. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aCharacterMayLieAcrossTheBorderOfTheBuffer(int offset) {
        String text = "a\n" + "x".repeat(offset) + "€𝄞".repeat(50_000) + "\n";

        assertThatCode(() -> check(new CsvText(), text)).doesNotThrowAnyException();
    }

    @Test
    void aCharacterThatIsCutOffAtTheEndIsRefused() throws Exception {
        byte[] cut = {'a', '\n', (byte) 0xE2, (byte) 0x82};
        Path file = Files.write(folder.resolve("table"), cut);

        assertThatThrownBy(() -> new CsvText().check(file)).hasMessageContaining("Line 2 is not UTF-8");
    }

    @Test
    void theLineOfANulIsTold() {
        assertThatThrownBy(() -> check(new CsvText(), "a\n" + "1\n".repeat(100_000) + "\0"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("Line 100002 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "a,b;c,d ! ,",
                "a;b;c,d ! ;",
                "a|b ! |",
                "alone ! ,",
                "\"a,b,c\";d ! ;",
                "\"a\"\"b,c,\";d ! ;",
                "5\" pipe;price ! ;"
            })
    void theHeaderTellsTheDelimiter(String header, String delimiter) throws IOException {
        CsvText text = new CsvText();
        check(text, header + "\n1\n");

        assertThat(text.reader(folder)).contains("delim='" + delimiter + "'");
    }

    @Test
    void theHeaderMayHaveALineBreakInAName() throws IOException {
        CsvText text = new CsvText();
        check(text, "\"a\n;;;\",b\n1,2\n");

        assertThat(text.reader(folder)).contains("delim=','");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "a;b|1;2\\r| ! Line 2 ends with CRLF, the first one with LF",
                "a;b\\r|1;2\\r|3;4| ! Line 3 ends with LF, the first one with CRLF",
                "a;b|1;2\\r3;4| ! Line 2 ends with CR, the first one with LF",
                "a;b|1;2\\r ! Line 2 ends with CR, the first one with LF",
                "a;b|1;\"x\\r|y\"|3;4\\r| ! Line 4 ends with CRLF",
                "a;b|1;5\"|3;4\\r| ! Line 3 ends with CRLF",
                "a;b|1,\"x;2|3;4\\r| ! Line 3 ends with CRLF",
                "a;b|1;\"x\"\"\\r|\"|3;4\\r| ! Line 4 ends with CRLF"
            })
    void theLineThatEndsDifferentlyIsTold(String content, String sentence) throws IOException {
        CsvText text = new CsvText();
        check(text, lines(content));

        assertThatThrownBy(text::requireOneLineEnd)
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageStartingWith(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a|1|2", "a|1|2|", "a\\r|1\\r|2", "a\\r1\\r2\\r", "a\\r|\"x|y\"\\r|", "a\\r1\\r\"|\"\\r"})
    void lineBreaksInValuesAreNoLineEnds(String content) throws IOException {
        CsvText text = new CsvText();
        check(text, lines(content));

        assertThatCode(text::requireOneLineEnd).doesNotThrowAnyException();
    }

    /** The annotations are easier to read with a bar for LF, and a backslash and an r for CR. */
    private static String lines(String content) {
        return content.replace('|', '\n').replace("\\r", "\r");
    }

    @Test
    void bracketsInStringsDoNotNest() {
        assertThatCode(() -> check(new JsonLinesText(), "{\"a\":\"" + "[{".repeat(500) + "\\\"[\"}\n"))
                .doesNotThrowAnyException();
    }

    @Test
    void aHundredLevelsAreEnough() {
        assertThatCode(() -> check(new JsonLinesText(), nested(100))).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(new JsonLinesText(), nested(101))).hasMessageContaining("Line 1 is nested");
    }

    private static String nested(int depth) {
        return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth) + "\n";
    }

    private void check(TableText text, String content) throws IOException {
        text.check(Files.writeString(folder.resolve("table"), content, StandardCharsets.UTF_8));
    }
}
