// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks an index in SQLite; each answer comes from one statement, and so from one moment. For one thread at a time. */
final class SqliteReader implements AutoCloseable {

    /** A question. */
    @FunctionalInterface
    interface Question<T> {
        T ask(SqliteReader reader) throws SQLException;
    }

    private static final String ENTRY =
            "SELECT e.hash, e.key, e.length, e.bytes, e.created, e.accessed, e.hits, e.locked, e.tags FROM ";

    private static final int FOLDERS = 256;

    private final Connection connection;

    SqliteReader(Connection connection) {
        this.connection = connection;
    }

    Optional<IndexedEntry> find(EntryHash hash) throws SQLException {
        return entries(ENTRY + "entry e WHERE e.hash = ?", List.of(hash.bytes())).stream()
                .findFirst();
    }

    /**
     * Goes through the entries in the order of hashes, and skips those that are not selected. A plus before a column
     * keeps it so: by an order of the list, each page would first sort all that are selected.
     */
    List<IndexedEntry> page(IndexQuery query, @Nullable EntryHash after, int limit) throws SQLException {
        if (query.isForNoText()) {
            return List.of();
        }
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        if (query.tag() != null) {
            conditions.add("t.tag = ?");
            values.add(query.tag());
        }
        if (after != null) {
            conditions.add(query.tag() == null ? "e.hash > ?" : "t.hash > ?");
            values.add(after.bytes());
        }
        if (query.prefix() != null && !query.prefix().isEmpty()) {
            byte[] prefix = query.prefix().getBytes(StandardCharsets.UTF_8);
            // of bytes and not of characters, for which SQLite stops at a NUL
            conditions.add("substr(CAST(e.key AS BLOB), 1, ?) = ?");
            values.add(prefix.length);
            values.add(prefix);
        }
        if (query.createdBefore() != Long.MAX_VALUE) {
            conditions.add("+e.created < ?");
            values.add(query.createdBefore());
        }
        if (query.accessedBefore() != Long.MAX_VALUE) {
            conditions.add("+e.accessed < ?");
            values.add(query.accessedBefore());
        }
        if (query.locked() != null) {
            conditions.add("+e.locked = ?");
            values.add(query.locked() ? 1 : 0);
        }
        values.add(limit);
        return entries(
                ENTRY + (query.tag() == null ? "entry e" : "tag t CROSS JOIN entry e ON e.hash = t.hash")
                        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                        + (query.tag() == null ? " ORDER BY e.hash" : " ORDER BY t.hash") + " LIMIT ?",
                values);
    }

    /** Whether {@link #victims} may be asked for that order. */
    boolean hasOrder(EvictionOrder order) throws SQLException {
        String name = SqliteSchema.orderName(order);
        return SqliteFile.number(
                        connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = '" + name + "'")
                > 0;
    }

    List<IndexedEntry> victims(EvictionOrder order, int limit) throws SQLException {
        return entries(
                ENTRY + "entry e INDEXED BY \"" + SqliteSchema.orderName(order) + "\" WHERE locked = 0 ORDER BY "
                        + SqliteSchema.order(order) + " LIMIT ?",
                List.of(limit));
    }

    List<EntryHash> folder(int number) throws SQLException {
        boolean last = number == FOLDERS - 1;
        String sql = "SELECT hash FROM entry WHERE hash >= ?" + (last ? "" : " AND hash < ?") + " ORDER BY hash";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBytes(1, new byte[] {(byte) number});
            if (!last) {
                statement.setBytes(2, new byte[] {(byte) (number + 1)});
            }
            List<EntryHash> hashes = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    hashes.add(hash(row));
                }
            }
            return hashes;
        }
    }

    IndexTotals totals() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT entries, bytes FROM total");
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new SQLDataException("the totals are missing");
            }
            return new IndexTotals(row.getLong(1), row.getLong(2));
        }
    }

    long completeAt() throws SQLException {
        return SqliteFile.number(connection, "SELECT complete FROM total");
    }

    private List<IndexedEntry> entries(String sql, List<Object> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            List<IndexedEntry> entries = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row));
                }
            }
            return entries;
        }
    }

    private static IndexedEntry entry(ResultSet row) throws SQLException {
        return new IndexedEntry(
                hash(row),
                text(row, 2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getInt(8) != 0,
                tags(row, 9));
    }

    private static EntryHash hash(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes(1);
        if (bytes == null || bytes.length != EntryHash.BYTES) {
            throw new SQLDataException("a hash that is none");
        }
        return EntryHash.of(bytes);
    }

    static Set<String> tags(ResultSet row, int column) throws SQLException {
        try {
            return TagText.read(text(row, column));
        } catch (IllegalArgumentException damaged) {
            throw new SQLDataException(damaged.getMessage(), damaged);
        }
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        if (text == null) {
            throw new SQLDataException("a text that is none");
        }
        return text;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
