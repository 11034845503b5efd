// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Turns JSON-lines into a table. What is nested stays JSON: comparing lists of lists takes DuckDB minutes. */
final class JsonLinesImport {

    private final Database database;
    private final JsonLinesText text;
    private final Path input;

    JsonLinesImport(Database database, JsonLinesText text, Path input) {
        this.database = database;
        this.text = text;
        this.input = input;
    }

    void write(ParquetTable table, long bytesPerRow) throws SQLException {
        String reader = text.reader(input);
        List<ColumnType> columns = database.columns(reader);
        if (columns.size() > TableText.MAX_COLUMNS) {
            throw new UnreadableInputException("Its objects have " + columns.size() + " different names; at most "
                    + TableText.MAX_COLUMNS + " are taken. Send fewer.");
        }
        table.write("SELECT *" + nestedAsJson(columns) + " FROM " + reader, columns.size(), bytesPerRow);
    }

    private static String nestedAsJson(List<ColumnType> columns) {
        List<String> nested = new ArrayList<>();
        for (ColumnType column : columns) {
            if (column.isNested()) {
                String name = Sql.identifier(column.name());
                nested.add("to_json(" + name + ") AS " + name);
            }
        }
        return nested.isEmpty() ? "" : " REPLACE (" + String.join(", ", nested) + ")";
    }
}
