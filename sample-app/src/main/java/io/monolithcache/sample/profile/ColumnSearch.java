// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds columns by what stands in the text that they were made of. */
final class ColumnSearch {

    /** When measured, DuckDB took half a second to plan so many at once, 7 seconds for 1,000, and 4,000 not at all. */
    private static final int AT_ONCE = 256;

    private ColumnSearch() {}

    /**
     * The names of the columns with a value for which a condition holds.
     *
     * @param condition SQL, in which the column's name is its text
     * @param readerOfText the call of DuckDB's table function that reads columns of these names as text
     */
    static List<String> find(
            Database database,
            List<ColumnType> columns,
            Function<ColumnType, String> condition,
            Function<List<String>, String> readerOfText)
            throws SQLException {
        List<String> all = new ArrayList<>();
        for (int from = 0; from < columns.size(); from += AT_ONCE) {
            List<ColumnType> some = columns.subList(from, Math.min(from + AT_ONCE, columns.size()));
            String query = some.stream()
                    .map(column -> "coalesce(bool_or(" + condition.apply(column) + "), false)")
                    .collect(Collectors.joining(", ", "SELECT ", " FROM " + readerOfText.apply(names(some))));
            all.addAll(database.query(query, row -> found(some, row)).get(0));
        }
        return all;
    }

    private static List<String> names(List<ColumnType> columns) {
        return columns.stream().map(ColumnType::name).toList();
    }

    private static List<String> found(List<ColumnType> columns, ResultSet row) throws SQLException {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (row.getBoolean(i + 1)) {
                found.add(columns.get(i).name());
            }
        }
        return found;
    }
}
