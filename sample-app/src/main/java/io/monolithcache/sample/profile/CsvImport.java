// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Turns a CSV file into a table, where DuckDB alone would lose numbers or not tell what is wrong. */
final class CsvImport {

    /** Every whole number up to here is a {@code double} of its own. */
    private static final long LARGEST_EXACT = 1L << 53;

    private static final String LONG_NUMBER = "'\\s*[+-]?[0-9]{16,}\\s*'";

    private final Database database;
    private final CsvText text;
    private final Path input;

    CsvImport(Database database, CsvText text, Path input) {
        this.database = database;
        this.text = text;
        this.input = input;
    }

    void write(ParquetTable table, long bytesPerRow) throws SQLException {
        try {
            write(table, text.reader(input), bytesPerRow);
        } catch (SQLException e) {
            if (DuckDbFailure.isVague(e)) {
                failWithLine();
            }
            throw e;
        }
        List<String> longNumbers = longNumbers(table);
        if (!longNumbers.isEmpty()) {
            write(table, text.readerWithText(input, longNumbers), bytesPerRow);
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

    /**
     * Columns of whole numbers that became floating point, because they do not fit into 64 bits: ids and hashes,
     * mostly. Neighbours are the same number then, and the count of different ones is wrong, so they are better kept as
     * text. Looking costs next to nothing unless a column has numbers so large; then one more pass through the text.
     */
    private List<String> longNumbers(ParquetTable table) throws SQLException {
        List<String> found = new ArrayList<>();
        for (ColumnType column : table.columns()) {
            String name = Sql.identifier(column.name());
            if (column.type().equals("DOUBLE")
                    && isTrue("max(abs(" + name + ")) >= " + LARGEST_EXACT, table.reader())
                    && isTrue(
                            "bool_or(regexp_full_match(" + name + ", " + LONG_NUMBER + "))",
                            text.readerOfText(input))) {
                found.add(column.name());
            }
        }
        return found;
    }

    private boolean isTrue(String condition, String reader) throws SQLException {
        return database.query("SELECT coalesce(" + condition + ", false) FROM " + reader, row -> row.getBoolean(1))
                .get(0);
    }
}
