// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Changes an index in SQLite. For one thread at a time. After a failure it is closed, which takes back what it began:
 * the driver gives up a statement that failed.
 */
final class SqliteWriter implements AutoCloseable {

    private static final int UNLISTED = -1;

    private final Connection connection;
    private final PreparedStatement known;
    private final PreparedStatement put;
    private final PreparedStatement remove;
    private final PreparedStatement touch;
    private final PreparedStatement lock;
    private final PreparedStatement tag;
    private final PreparedStatement untag;
    private final PreparedStatement total;
    private final PreparedStatement complete;

    private SqliteWriter(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute(SqliteSchema.WRITER_MEMORY);
        }
        known = connection.prepareStatement("SELECT bytes, tags, locked FROM entry WHERE hash = ?");
        put = connection.prepareStatement("REPLACE INTO entry (hash, key, length, bytes, created, accessed, hits,"
                + " locked, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        remove = connection.prepareStatement("DELETE FROM entry WHERE hash = ?");
        touch = connection.prepareStatement(
                "UPDATE entry SET accessed = max(accessed, ?), hits = hits + ? WHERE hash = ?");
        lock = connection.prepareStatement("UPDATE entry SET locked = ? WHERE hash = ?");
        tag = connection.prepareStatement("REPLACE INTO tag (tag, hash) VALUES (?, ?)");
        untag = connection.prepareStatement("DELETE FROM tag WHERE tag = ? AND hash = ?");
        total = connection.prepareStatement("UPDATE total SET entries = entries + ?, bytes = bytes + ?");
        complete = connection.prepareStatement("UPDATE total SET complete = ?");
    }

    /** Takes the connection over, and closes it if this throws. */
    static SqliteWriter over(Connection connection) throws SQLException {
        try {
            return new SqliteWriter(connection);
        } catch (SQLException | RuntimeException failure) {
            SqliteFile.closeAfter(failure, connection);
            throw failure;
        }
    }

    /**
     * All of them, or none if this throws and the writer is closed. In the order of hashes, and those of one hash in
     * their own: so each page of the table is visited once.
     */
    void apply(List<IndexChange> changes) throws SQLException {
        List<IndexChange> sorted = new ArrayList<>(changes);
        sorted.sort(Comparator.comparing(IndexChange::hash));
        begin();
        Sums sums = new Sums();
        for (IndexChange change : sorted) {
            apply(change, sums);
        }
        if (sums.entries != 0 || sums.bytes != 0) {
            total.setLong(1, sums.entries);
            total.setLong(2, sums.bytes);
            total.executeUpdate();
        }
        commit();
    }

    private void apply(IndexChange change, Sums sums) throws SQLException {
        byte[] hash = change.hash().bytes();
        if (change instanceof IndexChange.Put added) {
            put(added.entry(), hash, sums);
        } else if (change instanceof IndexChange.Remove) {
            remove(hash, sums);
        } else if (change instanceof IndexChange.Touch read) {
            touch.setLong(1, read.at());
            touch.setLong(2, read.more());
            touch.setBytes(3, hash);
            touch.executeUpdate();
        } else if (change instanceof IndexChange.Lock locked) {
            lock.setInt(1, toInt(locked.locked()));
            lock.setBytes(2, hash);
            lock.executeUpdate();
        }
    }

    private void put(IndexedEntry entry, byte[] hash, Sums sums) throws SQLException {
        int locked = forget(hash, sums);
        put.setBytes(1, hash);
        put.setString(2, entry.key());
        put.setLong(3, entry.length());
        put.setLong(4, entry.bytes());
        put.setLong(5, entry.createdAt());
        put.setLong(6, entry.accessedAt());
        put.setLong(7, entry.hits());
        put.setInt(8, locked == UNLISTED ? toInt(entry.locked()) : locked);
        put.setString(9, TagText.write(entry.tags()));
        put.executeUpdate();
        change(tag, entry.tags(), hash);
        sums.entries++;
        sums.bytes += entry.bytes();
    }

    private void remove(byte[] hash, Sums sums) throws SQLException {
        if (forget(hash, sums) != UNLISTED) {
            remove.setBytes(1, hash);
            remove.executeUpdate();
        }
    }

    private static int toInt(boolean flag) {
        return flag ? 1 : 0;
    }

    /**
     * Takes back what an entry adds to other tables, if it is listed.
     *
     * @return whether it is locked, as a number
     */
    private int forget(byte[] hash, Sums sums) throws SQLException {
        known.setBytes(1, hash);
        try (ResultSet row = known.executeQuery()) {
            if (!row.next()) {
                return UNLISTED;
            }
            sums.entries--;
            sums.bytes -= row.getLong(1);
            change(untag, SqliteReader.tags(row, 2), hash);
            return row.getInt(3);
        }
    }

    private static void change(PreparedStatement statement, Set<String> tags, byte[] hash) throws SQLException {
        for (String each : tags) {
            statement.setString(1, each);
            statement.setBytes(2, hash);
            statement.executeUpdate();
        }
    }

    void completeAt(long time) throws SQLException {
        begin();
        complete.setLong(1, time);
        complete.executeUpdate();
        commit();
    }

    void createOrder(EvictionOrder order) throws SQLException {
        begin();
        try (Statement statement = connection.createStatement()) {
            statement.execute(SqliteSchema.createOrder(order));
        }
        commit();
    }

    /** Takes the right to write at once: who reads first may find that another one has written meanwhile. */
    private void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    private void commit() throws SQLException {
        connection.setAutoCommit(true);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** By how much a batch changes the totals. */
    private static final class Sums {
        private long entries;
        private long bytes;
    }
}
