// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Turns JSON-lines into a table. What is nested stays JSON: comparing lists of lists takes DuckDB minutes.
 *
 * <p>What would lose digits is taken from a second reader, which reads the same lines as text. One reader cannot do
 * both: DuckDB finds no types, and no formats of dates, as soon as it is told the type of one column.
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
        List<String> replaced = nestedAsJson(columns);
        table.write("SELECT typed.*" + replace(replaced) + " FROM " + reader + " typed", columns.size(), bytesPerRow);
        List<String> texts = new ArrayList<>(asText);
        texts.addAll(
                new LossyColumns(database).among(table.columnsBut(asText), names -> text.readerOfText(input, names)));
        if (!texts.isEmpty()) {
            replaced.addAll(asWritten(texts));
            table.write(
                    "SELECT typed.*" + replace(replaced) + " FROM " + reader + " typed POSITIONAL JOIN "
                            + text.readerOfText(input, texts) + " text",
                    columns.size(),
                    bytesPerRow);
        }
    }

    private static List<String> nestedAsJson(List<ColumnType> columns) {
        List<String> nested = new ArrayList<>();
        for (ColumnType column : columns) {
            if (column.isNested()) {
                String name = Sql.identifier(column.name());
                nested.add("to_json(typed." + name + ") AS " + name);
            }
        }
        return nested;
    }

    /** A column that DuckDB renamed has no text under its new name. */
    private static List<String> asWritten(List<String> names) {
        return names.stream()
                .map(Sql::identifier)
                .map(name -> "coalesce(text." + name + ", CAST(typed." + name + " AS VARCHAR)) AS " + name)
                .toList();
    }

    private static String replace(List<String> replaced) {
        return replaced.isEmpty() ? "" : " REPLACE (" + String.join(", ", replaced) + ")";
    }
}
