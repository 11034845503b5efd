// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import io.monolithcache.sample.profile.Profile.Column;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A table in a Parquet file. */
final class ParquetTable {

    /**
     * What a group of rows may weigh while it is written. DuckDB's own measure is rows, whatever they weigh: with 1 KB
     * in each of ten columns, it asked for more than the 512 MB that it has by default.
     */
    private static final long GROUP_BYTES = 64L << 20;

    private static final int LEAST_ROWS = 2_048;
    private static final int MOST_ROWS = 122_880;
    private static final int BYTES_OF_A_VALUE = 16;
    private static final int TEXT_LENGTH = 1_000;

    private final Database database;
    private final Path file;

    ParquetTable(Database database, Path file) {
        this.database = database;
        this.file = file;
    }

    /**
     * Writes the result of a query, in place of what was there.
     *
     * @param columns how many columns it has
     * @param bytesPerRow how long its rows are as text, about
     */
    void write(String query, int columns, long bytesPerRow) throws SQLException {
        long weight = Math.max(bytesPerRow, (long) BYTES_OF_A_VALUE * columns);
        long rows = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, GROUP_BYTES / weight));
        database.execute("COPY (" + query + ") TO " + Sql.literal(file.toString()) + " (FORMAT parquet, ROW_GROUP_SIZE "
                + rows + ")");
    }

    List<ColumnType> columns() throws SQLException {
        return database.columns(reader());
    }

    List<ColumnType> columnsBut(Set<String> names) throws SQLException {
        return columns().stream()
                .filter(column -> !names.contains(column.name()))
                .toList();
    }

    /** Counts column by column: all at once would need all their values at once in memory, or on the disk. */
    Profile profile() throws SQLException {
        long rows = database.query("SELECT count(*) FROM " + reader(), row -> row.getLong(1))
                .get(0);
        List<Column> columns = new ArrayList<>();
        for (ColumnType column : columns()) {
            columns.add(profile(column, rows));
        }
        return new Profile(rows, columns);
    }

    private Column profile(ColumnType column, long rows) throws SQLException {
        String name = Sql.identifier(column.name());
        String sql = "SELECT " + text("min", name) + ", " + text("max", name) + ", count(DISTINCT " + name + "), count("
                + name + ") FROM " + reader();
        return database.query(sql, row -> read(column, rows, row)).get(0);
    }

    private static Column read(ColumnType column, long rows, ResultSet row) throws SQLException {
        return new Column(
                column.name(),
                column.type(),
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                rows - row.getLong(4));
    }

    private static String text(String function, String name) {
        return "left(CAST(" + function + "(" + name + ") AS VARCHAR), " + TEXT_LENGTH + ")";
    }

    /** The call of DuckDB's table function that reads this table. */
    String reader() {
        return "read_parquet(" + Sql.literal(file.toString()) + ")";
    }
}
