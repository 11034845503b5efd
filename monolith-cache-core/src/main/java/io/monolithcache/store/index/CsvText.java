// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of comma-separated values, as in RFC 4180; lines may also end without a carriage return. */
final class CsvText {

    private static final int END = -1;

    private final PushbackReader text;

    CsvText(Reader text) {
        this.text = new PushbackReader(text);
    }

    static void write(List<String> record, Writer text) throws IOException {
        String separator = "";
        for (String value : record) {
            text.write(separator);
            text.write(needsQuotes(value) ? '"' + value.replace("\"", "\"\"") + '"' : value);
            separator = ",";
        }
        text.write("\r\n");
    }

    private static boolean needsQuotes(String value) {
        return value.chars().anyMatch(next -> next == ',' || next == '"' || next == '\r' || next == '\n');
    }

    /**
     * The values of the next record; null at the end.
     *
     * @throws IOException also if quotes are not where they belong
     */
    @Nullable List<String> next() throws IOException {
        int next = text.read();
        if (next == END) {
            return null;
        }
        text.unread(next);
        List<String> record = new ArrayList<>();
        do {
            record.add(value());
            next = text.read();
        } while (next == ',');
        if (next == '\r') {
            next = text.read();
        }
        if (next != '\n' && next != END) {
            throw new IOException("something follows a quoted value");
        }
        return record;
    }

    private String value() throws IOException {
        StringBuilder value = new StringBuilder();
        int next = text.read();
        if (next == '"') {
            quoted(value);
            return value.toString();
        }
        while (next != ',' && next != '\r' && next != '\n' && next != END) {
            if (next == '"') {
                throw new IOException("a quote is within a value that does not begin with one");
            }
            value.append((char) next);
            next = text.read();
        }
        if (next != END) {
            text.unread(next);
        }
        return value.toString();
    }

    private void quoted(StringBuilder value) throws IOException {
        while (true) {
            int next = text.read();
            if (next == '"') {
                next = text.read();
                if (next != '"') {
                    if (next != END) {
                        text.unread(next);
                    }
                    return;
                }
            } else if (next == END) {
                throw new IOException("a quote does not end");
            }
            value.append((char) next);
        }
    }
}
