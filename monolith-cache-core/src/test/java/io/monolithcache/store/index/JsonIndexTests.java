// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import static io.monolithcache.store.index.Entries.NOW;
import static io.monolithcache.store.index.Entries.all;
import static io.monolithcache.store.index.Entries.entry;
import static io.monolithcache.store.index.Entries.keys;
import static io.monolithcache.store.index.Entries.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonIndexTests extends TextIndexContract {

    @Override
    EntryIndex.Format format() {
        return JsonIndex.FORMAT;
    }

    @Override
    String file() {
        return "index-1.json";
    }

    @Override
    void writeOtherVersion(Path file) throws IOException {
        replace("\"version\":1", "\"version\":2");
    }

    private void replace(String text, String other) throws IOException {
        String whole = Files.readString(path());
        assertThat(whole).contains(text);
        Files.writeString(path(), whole.replace(text, other));
    }

    @Test
    void hasOneEntryInALine() throws IOException {
        index.apply(puts(entry("/a.csv", "hot", "green")));
        index.completeAt(NOW);

        String hash = EntryHash.ofKey("/a.csv").toString();
        assertThat(path())
                .hasContent("{\"version\":1,\"completeAt\":1790000000000,\"entries\":[\n"
                        + "{\"hash\":\"" + hash + "\",\"key\":\"/a.csv\",\"length\":3,\"bytes\":4096,"
                        + "\"createdAt\":1790000000000,\"accessedAt\":1790000000000,\"hits\":0,\"locked\":false,"
                        + "\"tags\":[\"green\",\"hot\"]}\n"
                        + "]}\n");
        index.apply(puts(entry("b"), entry("c")));
        assertThat(path()).content().hasLineCount(5);
    }

    @Test
    void mayBeEditedByHand() throws IOException {
        index.apply(puts(entry("a", "green"), entry("b")));
        index.close();
        replace("\"tags\":[\"green\"]", "\n  \"tags\" : [ \"green\", \"red\" ]\n");

        index = openAnother();

        assertThat(keys(all(index, Entries.withTag("red"), 10))).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"length\":3|\"length\":3.5",
                "\"length\":3|\"length\":99999999999999999999",
                "\"length\":3|\"length\":\"3\"",
                "\"length\":3|\"width\":3",
                "\"key\":\"a\"|\"key\":null",
                "\"locked\":false|\"locked\":0",
                "\"tags\":[]|\"tags\":[1]",
                "\"tags\":[]|\"tags\":[],\"more\":1",
                "\"entries\":[|\"entries\":[7,",
                "]}|],\"more\":1}",
                "]}|]}{}",
                "\"hash\":\"c|\"hash\":\"g",
            })
    void anythingElseIsUnusable(String text, String other) throws IOException {
        index.apply(puts(entry("a")));
        index.close();
        replace(text, other);

        assertThatExceptionOfType(UnusableIndexException.class).isThrownBy(this::openAnother);
    }

    @Test
    void anEntryThatIsThereTwiceIsUnusable() throws IOException {
        index.apply(puts(entry("a")));
        index.close();
        String line = Files.readAllLines(path()).get(1);
        replace(line, line + ",\n" + line);

        assertThatExceptionOfType(UnusableIndexException.class)
                .isThrownBy(this::openAnother)
                .withMessageContaining("line 3");
    }

    @Test
    void anotherProcessIsRefused() throws Exception {
        index.apply(puts(entry("a")));
        IndexProcess other = IndexProcess.start("open-json", folder);

        assertThat(other.awaitEnd()).isZero();
        assertThat(other.lines())
                .singleElement()
                .asString()
                .startsWith("IOException")
                .contains("open in another process")
                .contains("Choose the kind sqlite");
        index.apply(puts(entry("b")));
    }
}
