// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/**
 * Finds the columns whose dates DuckDB had to guess how to read, because the year does not stand first. It guesses for
 * each file alone: {@code 01/02/2026} is the 2nd of January, unless {@code 13/02/2026} stands in the same file.
 */
final class GuessedDates {

    private static final String YEAR_FIRST = "'^\\s*[0-9]{4}'";

    private final Database database;

    GuessedDates(Database database) {
        this.database = database;
    }

    /**
     * The names of those with such a date.
     *
     * @param readerOfText the call of DuckDB's table function that reads columns of these names as text
     */
    List<String> among(List<ColumnType> columns, Function<List<String>, String> readerOfText) throws SQLException {
        return ColumnSearch.find(
                database,
                columns.stream().filter(GuessedDates::hasDates).toList(),
                column -> "NOT regexp_matches(" + Sql.identifier(column.name()) + ", " + YEAR_FIRST + ")",
                readerOfText);
    }

    private static boolean hasDates(ColumnType column) {
        return column.type().equals("DATE") || column.type().startsWith("TIMESTAMP");
    }
}
