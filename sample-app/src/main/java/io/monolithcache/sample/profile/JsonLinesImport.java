// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Turns JSON-lines into a table. What is nested stays JSON: comparing lists of lists takes DuckDB minutes. And it stays
 * as it is written: DuckDB's types give every object of a column all the names that one of them has in this file.
 *
 * <p>That, and what would lose digits, is taken from a second reader, which reads the same lines as text. One reader
 * cannot do both: DuckDB finds no types, and no formats of dates, as soon as it is told the type of one column.
 */
final class JsonLinesImport {

    private final Database database;
    private final JsonLinesText text;
    private final Path input;

    JsonLinesImport(Database database, JsonLinesText text, Path input) {
        this.database = database;
        this.text = text;
        this.input = input;
    }

    void write(ParquetTable table, long bytesPerRow, Set<String> asText) throws SQLException {
        String reader = text.reader(input);
        List<ColumnType> columns = database.columns(reader);
        if (columns.size() > TableText.MAX_COLUMNS) {
            throw new UnreadableInputException("Its objects have " + columns.size() + " different names; at most "
                    + TableText.MAX_COLUMNS + " are taken. Send fewer.");
        }
        Map<String, String> replaced = nestedAsJson(columns);
        write(table, reader, replaced, columns.size(), bytesPerRow);
        List<String> texts = new ArrayList<>(asText);
        texts.addAll(
                new LossyColumns(database).among(table.columnsBut(asText), names -> text.readerOfText(input, names)));
        if (!texts.isEmpty()) {
            texts.forEach(name -> replaced.compute(
                    name, (key, json) -> json == null ? asWritten(key) : "CAST(" + json + " AS VARCHAR)"));
            write(table, reader, replaced, columns.size(), bytesPerRow);
        }
    }

    /** @param replaced columns that are made of their text, and how */
    private void write(ParquetTable table, String reader, Map<String, String> replaced, int columns, long bytesPerRow)
            throws SQLException {
        String query = "SELECT typed.*";
        String from = " FROM " + reader + " typed";
        if (!replaced.isEmpty()) {
            query += replaced.entrySet().stream()
                    .map(column -> column.getValue() + " AS " + Sql.identifier(column.getKey()))
                    .collect(Collectors.joining(", ", " REPLACE (", ")"));
            from += " POSITIONAL JOIN " + text.readerOfText(input, List.copyOf(replaced.keySet())) + " text";
        }
        table.write(query + from, columns, bytesPerRow);
    }

    /** A column that DuckDB renamed has no text under its new name. */
    private static Map<String, String> nestedAsJson(List<ColumnType> columns) {
        Map<String, String> nested = new LinkedHashMap<>();
        for (ColumnType column : columns) {
            if (column.isNested()) {
                String name = Sql.identifier(column.name());
                nested.put(column.name(), "coalesce(CAST(text." + name + " AS JSON), to_json(typed." + name + "))");
            }
        }
        return nested;
    }

    private static String asWritten(String column) {
        String name = Sql.identifier(column);
        return "coalesce(text." + name + ", CAST(typed." + name + " AS VARCHAR))";
    }
}
