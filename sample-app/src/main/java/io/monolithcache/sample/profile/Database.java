// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.profile;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs statements that all have to end by the same moment. */
final class Database {

    private final Connection connection;
    private final long deadline;

    Database(Connection connection, Duration timeLimit) {
        this.connection = connection;
        this.deadline = System.nanoTime() + timeLimit.toNanos();
    }

    /** Makes a value of a row. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    void execute(String sql) throws SQLException {
        // not one statement for all: one that failed once is closed
        try (Statement statement = newStatement()) {
            statement.execute(sql);
        }
    }

    <T> List<T> query(String sql, RowReader<T> reader) throws SQLException {
        try (Statement statement = newStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        }
    }

    /** The columns of what a table function reads. */
    List<ColumnType> columns(String reader) throws SQLException {
        return query(
                "DESCRIBE SELECT * FROM " + reader,
                row -> new ColumnType(row.getString("column_name"), row.getString("column_type")));
    }

    private Statement newStatement() throws SQLException {
        Statement statement = connection.createStatement();
        statement.setQueryTimeout(secondsLeft());
        return statement;
    }

    /** At least one, because none means no limit. */
    private int secondsLeft() {
        return (int) Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toSeconds());
    }
}
