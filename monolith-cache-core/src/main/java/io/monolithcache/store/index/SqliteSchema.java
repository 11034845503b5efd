// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables of an index in SQLite, and how each connection to them is set up. */
final class SqliteSchema {

    static final int VERSION = 1;

    /** The name tells the version too: an older release finds no file of a newer one, and leaves it alone. */
    static final String FILE = "index-" + VERSION + ".db";

    /** Longer than any batch takes, or the making of an order at some million entries. */
    static final int LONGEST_WAIT_MILLIS = 60_000;

    /**
     * No memory map: a file that somebody truncates would end the process. The log is copied back every 32 MiB: each
     * time waits for the disk, and pages that were written often meanwhile are copied once.
     */
    static final List<String> SETTINGS = List.of(
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = NORMAL",
            "PRAGMA cache_size = -1024",
            "PRAGMA mmap_size = 0",
            "PRAGMA wal_autocheckpoint = 8192",
            "PRAGMA journal_size_limit = 67108864",
            "PRAGMA cell_size_check = ON",
            "PRAGMA trusted_schema = OFF");

    /** Enough for what a thousand changes touch, all over the list: what does not fit is written twice. */
    static final String WRITER_MEMORY = "PRAGMA cache_size = -8192";

    private static final List<String> TABLES = List.of(
            "CREATE TABLE entry (hash BLOB PRIMARY KEY NOT NULL, key TEXT NOT NULL, length INTEGER NOT NULL,"
                    + " bytes INTEGER NOT NULL, created INTEGER NOT NULL, accessed INTEGER NOT NULL,"
                    + " hits INTEGER NOT NULL, locked INTEGER NOT NULL, tags TEXT NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE TABLE tag (tag TEXT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (tag, hash)) STRICT, WITHOUT ROWID",
            "CREATE TABLE total (entries INTEGER NOT NULL, bytes INTEGER NOT NULL, complete INTEGER NOT NULL) STRICT",
            "INSERT INTO total VALUES (0, 0, 0)",
            "PRAGMA user_version = " + VERSION);

    private SqliteSchema() {}

    /** Makes the tables, unless they are there. */
    static void prepare(Path path, Connection connection) throws SQLException, UnusableIndexException {
        long version = SqliteFile.number(connection, "PRAGMA user_version");
        if (version == 0 && SqliteFile.number(connection, "SELECT count(*) FROM sqlite_schema") == 0) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                for (String each : TABLES) {
                    statement.execute(each);
                }
            }
            connection.setAutoCommit(true);
        } else if (version != VERSION) {
            throw new UnusableIndexException(
                    "The index " + path + " has the version " + version + ", and this release knows " + VERSION
                            + " only",
                    null);
        }
    }

    static String order(EvictionOrder order) {
        return switch (order) {
            case WRITTEN -> "created, hash";
            case READ -> "accessed, hash";
            case HITS -> "hits, accessed, hash";
        };
    }

    /** The name of what keeps entries in an order. */
    static String orderName(EvictionOrder order) {
        return switch (order) {
            case WRITTEN -> "written";
            case READ -> "read";
            case HITS -> "hits";
        };
    }

    /** An order costs every write, so there are only those that somebody asked for. */
    static String createOrder(EvictionOrder order) {
        return "CREATE INDEX IF NOT EXISTS \"" + orderName(order) + "\" ON entry (" + order(order)
                + ") WHERE locked = 0";
    }
}
