// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** JSON-lines: an object on each line. Only the outline is looked at; whether it is JSON, DuckDB says. */
final class JsonLinesText extends TableText {

    /** DuckDB 1.5 follows nested values by recursion: when measured, 3,000 levels killed the process. */
    private static final int MAX_DEPTH = 100;

    private boolean inString;
    private boolean escaped;
    private int depth;
    private int names;
    private boolean anyName;

    @Override
    String wanted() {
        return "A JSON-lines file has a whole JSON object on each line, as in {\"name\":\"value\"}.";
    }

    @Override
    void next(char c) {
        if (c == '\n') {
            endOfLine();
        } else if (inString) {
            nextOfString(c);
        } else {
            nextOutsideOfStrings(c);
        }
    }

    private void nextOfString(char c) {
        if (escaped) {
            escaped = false;
        } else if (c == '\\') {
            escaped = true;
        } else {
            inString = c != '"';
        }
    }

    private void nextOutsideOfStrings(char c) {
        switch (c) {
            case ' ', '\t', '\r' -> {}
            case '{' -> open();
            case '[' -> {
                requireObject();
                open();
            }
            case '}', ']' -> {
                requireObject();
                depth--;
            }
            case '"' -> {
                requireObject();
                inString = true;
            }
            case ':' -> countName();
            case BYTE_ORDER_MARK ->
                throw new UnreadableInputException("Line " + line()
                        + " has a byte order mark, which JSON has not. Save the file as UTF-8 without it.");
            default -> requireObject();
        }
    }

    private void requireObject() {
        if (depth == 0) {
            throw new UnreadableInputException("Line " + line() + " is not a JSON object. " + wanted());
        }
    }

    private void open() {
        if (++depth > MAX_DEPTH) {
            throw new UnreadableInputException(
                    "Line " + line() + " is nested more than " + MAX_DEPTH + " levels deep. Send flatter objects.");
        }
    }

    private void countName() {
        anyName = true;
        if (depth == 1 && ++names > MAX_COLUMNS) {
            throw new UnreadableInputException(
                    "Line " + line() + " has more than " + MAX_COLUMNS + " names. Send smaller objects.");
        }
    }

    private void endOfLine() {
        if (depth > 0) {
            throw new UnreadableInputException("Line " + line() + " ends inside of an object. " + wanted());
        }
        inString = false;
        escaped = false;
        names = 0;
    }

    @Override
    void atEnd() {
        endOfLine();
        if (!anyName) {
            throw new UnreadableInputException("No object in the file has a name and a value. " + wanted());
        }
    }

    @Override
    void write(Database database, Path file, ParquetTable table, long bytesPerRow, Set<String> asText)
            throws SQLException {
        new JsonLinesImport(database, this, file).write(table, bytesPerRow, asText);
    }

    /**
     * The call of DuckDB's table function that reads this text from a file. At depth 2 are the types of the columns.
     */
    String reader(Path file) {
        return readJson(file, "sample_size=-1, maximum_depth=2, map_inference_threshold=-1");
    }

    /**
     * Only these columns. A whole number is what stands in the file, however long; of a fraction DuckDB's parser has
     * already made a {@code double}.
     */
    @Override
    String readerOfText(Path file, List<String> columns) {
        return readJson(file, "columns=" + Sql.typesOfText(columns));
    }

    private static String readJson(Path file, String options) {
        return "read_json(" + Sql.literal(file.toString())
                + ", format='newline_delimited', records=true, compression='uncompressed', " + options + ")";
    }
}
