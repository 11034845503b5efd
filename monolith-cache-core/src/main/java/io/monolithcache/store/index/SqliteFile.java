// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/** The file of an index in SQLite, connections to it, and what its failures mean. */
final class SqliteFile {

    /** SQLite keeps these beside a database that is open. */
    private static final String[] COMPANIONS = {"-wal", "-shm"};

    /** The lowest eight bits of SQLite's codes tell the kind of a failure. */
    private static final int KIND = 0xff;

    private final Path path;
    private final @Nullable Object key;

    private SqliteFile(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /** @param path is there */
    static SqliteFile at(Path path) throws IOException {
        return new SqliteFile(path, key(path));
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /** The database first: one without its log may be inconsistent, a log without its database is ignored. */
    static void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
        for (String companion : COMPANIONS) {
            Files.deleteIfExists(path.resolveSibling(path.getFileName() + companion));
        }
    }

    /** @throws UnusableIndexException if this is no longer the file that was opened */
    void requireInPlace() throws IOException {
        try {
            if (Objects.equals(key, key(path))) {
                return;
            }
        } catch (NoSuchFileException removed) {
            throw new UnusableIndexException(path + " was removed while this process had it open", removed);
        }
        throw new UnusableIndexException(path + " was replaced while this process had it open", null);
    }

    /** Another connection to the same file. */
    Connection connect() throws IOException, SQLException {
        Connection connection = connect(path, SQLiteOpenMode.READWRITE);
        try {
            requireInPlace();
            return connection;
        } catch (IOException failure) {
            closeAfter(failure, connection);
            throw failure;
        }
    }

    /** A connection to a file, which is made unless the mode says otherwise. */
    static Connection connect(Path path, SQLiteOpenMode... without) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        if (without.length > 0) {
            config.resetOpenMode(SQLiteOpenMode.CREATE);
        }
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(SqliteSchema.LONGEST_WAIT_MILLIS);
        SQLiteDataSource source = new SQLiteDataSource(config);
        // as a URI, because the driver takes what follows a question mark in a plain path for settings
        source.setUrl("jdbc:sqlite:" + path.toUri());
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            // not in the configuration: the driver leaks a connection whose first statement fails
            for (String setting : SqliteSchema.SETTINGS) {
                statement.execute(setting);
            }
            return connection;
        } catch (SQLException | RuntimeException failure) {
            closeAfter(failure, connection);
            throw failure;
        }
    }

    /** Closes what is of no use after a failure; what fails then comes with it. */
    static void closeAfter(Throwable failure, AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception another) {
            failure.addSuppressed(another);
        }
    }

    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    IOException failure(String attempt, SQLException failure) {
        return failure(attempt, path, failure);
    }

    static IOException failure(String attempt, Path path, SQLException failure) {
        String message = "Could not " + attempt + " the index " + path + ": " + failure.getMessage();
        if (failure instanceof SQLDataException) {
            return new UnusableIndexException(message, failure);
        }
        if (failure instanceof SQLiteException sqlite) {
            return isDamage(sqlite.getResultCode())
                    ? new UnusableIndexException(message, failure)
                    : new IOException(message, failure);
        }
        return new IOException(message + cause(failure), failure);
    }

    private static String cause(SQLException failure) {
        Throwable cause = failure.getCause();
        return cause == null
                ? ""
                : " (" + cause.getMessage() + "). If its native library cannot be loaded, set the system property"
                        + " org.sqlite.tmpdir to a folder from which programs may run, or choose the index json";
    }

    /** An error of the SQL itself is one of the file: the SQL is always the same, and fits each file of ours. */
    private static boolean isDamage(SQLiteErrorCode code) {
        SQLiteErrorCode kind = SQLiteErrorCode.getErrorCode(code.code & KIND);
        return switch (kind) {
            case SQLITE_CORRUPT,
                    SQLITE_NOTADB,
                    SQLITE_FORMAT,
                    SQLITE_ERROR,
                    SQLITE_SCHEMA,
                    SQLITE_CONSTRAINT,
                    SQLITE_MISMATCH -> true;
            default -> code == SQLiteErrorCode.SQLITE_READONLY_DBMOVED;
        };
    }
}
