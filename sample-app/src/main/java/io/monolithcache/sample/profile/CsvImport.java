// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Turns a CSV file into a table, where DuckDB alone would lose digits or not tell what is wrong. */
final class CsvImport {

    private final Database database;
    private final CsvText text;
    private final Path input;

    CsvImport(Database database, CsvText text, Path input) {
        this.database = database;
        this.text = text;
        this.input = input;
    }

    void write(ParquetTable table, long bytesPerRow, Set<String> asText) throws SQLException {
        try {
            write(table, text.reader(input), bytesPerRow);
        } catch (SQLException e) {
            if (DuckDbFailure.isVague(e)) {
                text.requireOneLineEnd();
                failWithLine();
            }
            throw e;
        }
        List<String> texts = new ArrayList<>(asText);
        texts.addAll(
                new LossyColumns(database).among(table.columnsBut(asText), names -> text.readerOfText(input, names)));
        if (!texts.isEmpty()) {
            write(table, text.readerWithText(input, texts), bytesPerRow);
        }
    }

    private void write(ParquetTable table, String reader, long bytesPerRow) throws SQLException {
        table.write("SELECT * FROM " + reader, text.columns(), bytesPerRow);
    }

    /**
     * When DuckDB cannot guess types, it does not say where; reading the same as text fails at the line that is wrong.
     */
    private void failWithLine() throws SQLException {
        database.query("SELECT count(*) FROM " + text.readerWithoutGuessing(input), row -> row.getLong(1));
    }
}
