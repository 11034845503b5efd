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

class CsvIndexTests extends TextIndexContract {

    @Override
    EntryIndex.Format format() {
        return CsvIndex.FORMAT;
    }

    @Override
    String file() {
        return "index-1.csv";
    }

    @Override
    void writeOtherVersion(Path file) throws IOException {
        replace("locked,tags", "locked,pinned,tags");
    }

    private void replace(String text, String other) throws IOException {
        String whole = Files.readString(path());
        assertThat(whole).contains(text);
        Files.writeString(path(), whole.replace(text, other));
    }

    @Test
    void hasAHeaderARecordForEachEntryAndAnEnd() throws IOException {
        index.apply(puts(entry("=a,\"b\"\nc", "hot", "green")));
        index.completeAt(NOW);

        String hash = EntryHash.ofKey("=a,\"b\"\nc").toString();
        assertThat(Files.readString(path()))
                .isEqualTo("hash,key,length,bytes,createdAt,accessedAt,hits,locked,tags\r\n"
                        + hash
                        + ",\"=a,\"\"b\"\"\nc\",3,4096,1790000000000,1790000000000,0,false,green;hot;\r\n"
                        + "end,,1,4096,1790000000000,0,0,false,\r\n");
    }

    @Test
    void mayBeSavedByASpreadsheet() throws IOException {
        index.apply(puts(entry("a", "green"), entry("b")));
        index.close();
        replace("false", "FALSE");
        replace("0,0,FALSE", "0,0,false");
        replace(",a,", ",\"a\",");
        replace("\r\n", "\n");

        index = openAnother();

        assertThat(keys(all(index))).containsExactlyInAnyOrder("a", "b");
        assertThat(keys(all(index, Entries.withTag("green"), 10))).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ",3,4096|,3.5,4096",
                ",3,4096|,3,4095",
                ",a,|,\"a,",
                ",a,|,a\",",
                ",a,|,\"a\"b,",
                ",a,|,a,a,",
                "false,green|maybe,green",
                "green;|green",
                "end,,1|end,,2",
                "end,,1|end,1",
                "end,,|",
                "0,0,false,|0,0,false,x",
            })
    void anythingElseIsUnusable(String text, String other) throws IOException {
        index.apply(puts(entry("a", "green")));
        index.close();
        replace(text, other == null ? "" : other);

        assertThatExceptionOfType(UnusableIndexException.class).isThrownBy(this::openAnother);
    }

    @Test
    void anEntryThatIsThereTwiceIsUnusable() throws IOException {
        index.apply(puts(entry("a")));
        index.close();
        String line = Files.readAllLines(path()).get(1);
        replace(line, line + "\r\n" + line);

        assertThatExceptionOfType(UnusableIndexException.class)
                .isThrownBy(this::openAnother)
                .withMessageContaining("twice");
    }

    @Test
    void whatFollowsTheEndIsUnusable() throws IOException {
        index.apply(puts(entry("a")));
        index.close();
        Files.writeString(path(), Files.readString(path()) + "more\r\n");

        assertThatExceptionOfType(UnusableIndexException.class).isThrownBy(this::openAnother);
    }
}
