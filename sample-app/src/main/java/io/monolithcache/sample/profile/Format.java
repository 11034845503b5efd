// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What an upload is written in. */
public enum Format {
    CSV("input.csv"),
    JSON_LINES("input.jsonl");

    private static final int BYTE_ORDER_MARK_LENGTH = 3;

    private final String fileName;

    Format(String fileName) {
        this.fileName = fileName;
    }

    /** What an upload of this format is called in its job's directory. */
    public String fileName() {
        return fileName;
    }

    /** The format that the name of an upload tells, or else its first character: JSON-lines begin with a brace. */
    public static Format of(String name, Path content) throws IOException {
        return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
            case "csv", "tsv" -> CSV;
            case "json", "jsonl", "ndjson" -> JSON_LINES;
            default -> firstCharacter(content) == '{' ? JSON_LINES : CSV;
        };
    }

    TableText newText() {
        return this == CSV ? new CsvText() : new JsonLinesText();
    }

    private static int firstCharacter(Path content) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(content))) {
            in.mark(BYTE_ORDER_MARK_LENGTH);
            byte[] start = in.readNBytes(BYTE_ORDER_MARK_LENGTH);
            if (!isByteOrderMark(start)) {
                in.reset();
            }
            int first = in.read();
            while (first == ' ' || first == '\t' || first == '\r' || first == '\n') {
                first = in.read();
            }
            return first;
        }
    }

    private static boolean isByteOrderMark(byte[] start) {
        return start.length == BYTE_ORDER_MARK_LENGTH
                && start[0] == (byte) 0xEF
                && start[1] == (byte) 0xBB
                && start[2] == (byte) 0xBF;
    }
}
