// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import io.monolithcache.owner.ProcessLocks;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A list of entries in a SQLite database, which several processes may have open and write to at once. Its file is
 * {@code index-1.db}; a sample of it:
 *
 * <pre>
 * entry   hash (primary key)  key     length  bytes  created        accessed       hits  locked  tags
 *         x'3f5a…'            /a.csv  3       4096   1790000000000  1790000060000  2     0       green;hot;
 * tag     tag    hash
 *         green  x'3f5a…'
 *         hot    x'3f5a…'
 * total   entries  bytes  complete
 *         1        4096   1790000000000
 * </pre>
 *
 * <p>The table is its primary key (it has no row ids), so that a page, a folder and a hash are one walk of one tree.
 * Sums are kept and not counted. The orders in which entries are evicted are SQL indexes {@code written}, {@code read}
 * and {@code hits}, over what is not locked, each made when it is first asked for. Declined: an index of keys, which
 * would hold every key twice to make rare questions fast.
 *
 * <p>Writers take turns, over all processes; readers go on meanwhile and see what was committed before they asked.
 * Opening and closing take turns too: a process that closes what another one has just replaced would delete the log of
 * the new one.
 */
public final class SqliteIndex implements EntryIndex {

    /** Needs sqlite-jdbc on the class path. */
    public static final Format FORMAT = new SqliteFormat();

    private static final int READERS = 4;

    private final Path path;
    private final SqliteFile file;
    private final ReentrantLock writing = new ReentrantLock();
    private final Semaphore reading = new Semaphore(READERS);
    private final Deque<SqliteReader> idle = new ConcurrentLinkedDeque<>();
    private final Set<EvictionOrder> orders = ConcurrentHashMap.newKeySet();
    private @Nullable SqliteWriter writer;
    private volatile boolean closed;

    private SqliteIndex(Path path, SqliteFile file, SqliteWriter writer) {
        this.path = path;
        this.file = file;
        this.writer = writer;
    }

    private static SqliteIndex open(Path path) throws IOException {
        try {
            Connection connection = SqliteFile.connect(path);
            try {
                SqliteSchema.prepare(path, connection);
                return new SqliteIndex(path, SqliteFile.at(path), SqliteWriter.over(connection));
            } catch (IOException | SQLException | RuntimeException failure) {
                SqliteFile.closeAfter(failure, connection);
                throw failure;
            }
        } catch (SQLException failure) {
            throw SqliteFile.failure("open", path, failure);
        }
    }

    @FunctionalInterface
    private interface Change {
        void make(SqliteWriter writer) throws SQLException;
    }

    @Override
    public void apply(List<IndexChange> changes) throws IOException {
        write(writer -> writer.apply(changes));
    }

    @Override
    public Optional<IndexedEntry> find(EntryHash hash) throws IOException {
        return read(reader -> reader.find(hash));
    }

    @Override
    public List<IndexedEntry> page(IndexQuery query, @Nullable EntryHash after, int limit) throws IOException {
        return read(reader -> reader.page(query, after, limit));
    }

    @Override
    public List<IndexedEntry> victims(EvictionOrder order, int limit) throws IOException {
        if (!orders.contains(order)) {
            if (!read(reader -> reader.hasOrder(order))) {
                write(writer -> writer.createOrder(order));
            }
            orders.add(order);
        }
        return read(reader -> reader.victims(order, limit));
    }

    @Override
    public List<EntryHash> folder(int number) throws IOException {
        return read(reader -> reader.folder(number));
    }

    @Override
    public IndexTotals totals() throws IOException {
        return read(SqliteReader::totals);
    }

    @Override
    public long completeAt() throws IOException {
        return read(SqliteReader::completeAt);
    }

    @Override
    public void completeAt(long time) throws IOException {
        write(writer -> writer.completeAt(time));
    }

    private void write(Change change) throws IOException {
        writing.lock();
        try {
            requireOpen();
            SqliteWriter current = writer == null ? SqliteWriter.over(file.connect()) : writer;
            writer = null;
            try {
                change.make(current);
            } catch (SQLException | RuntimeException | Error failure) {
                SqliteFile.closeAfter(failure, current);
                throw failure;
            }
            writer = current;
            // afterwards, because what went to a file that was removed meanwhile is lost
            file.requireInPlace();
        } catch (SQLException failure) {
            throw file.failure("change", failure);
        } finally {
            writing.unlock();
        }
    }

    private <T> T read(SqliteReader.Question<T> question) throws IOException {
        reading.acquireUninterruptibly();
        try {
            requireOpen();
            SqliteReader reader = idle.poll();
            if (reader == null) {
                reader = new SqliteReader(file.connect());
            }
            T answer;
            try {
                answer = question.ask(reader);
            } catch (SQLException | RuntimeException | Error failure) {
                SqliteFile.closeAfter(failure, reader);
                throw failure;
            }
            idle.push(reader);
            return answer;
        } catch (SQLException failure) {
            throw file.failure("read", failure);
        } finally {
            reading.release();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The index " + path + " is closed");
        }
    }

    /** Waits for who is writing or reading. */
    @Override
    public void close() throws IOException {
        writing.lock();
        reading.acquireUninterruptibly(READERS);
        try {
            if (!closed) {
                closed = true;
                try {
                    ProcessLocks.locked(lock(path), this::closeConnections);
                } finally {
                    OpenDatabases.remove(path);
                }
            }
        } finally {
            reading.release(READERS);
            writing.unlock();
        }
    }

    private @Nullable Object closeConnections() throws IOException {
        try (SqliteWriter last = writer) {
            for (SqliteReader reader = idle.poll(); reader != null; reader = idle.poll()) {
                reader.close();
            }
            return null;
        } catch (SQLException failure) {
            throw file.failure("close", failure);
        }
    }

    /** Held while a process opens, closes or deletes the files. Stays when they are deleted. */
    private static Path lock(Path path) {
        return path.resolveSibling("index.opening");
    }

    private static final class SqliteFormat implements Format {

        @Override
        public EntryIndex open(Path folder) throws IOException {
            Path path = path(folder);
            OpenDatabases.add(path);
            try {
                return ProcessLocks.locked(lock(path), () -> SqliteIndex.open(path));
            } catch (IOException | RuntimeException | Error failure) {
                OpenDatabases.remove(path);
                throw failure;
            }
        }

        @Override
        public void delete(Path folder) throws IOException {
            Path path = path(folder);
            ProcessLocks.locked(lock(path), () -> {
                SqliteFile.delete(path);
                return path;
            });
        }

        /** The same however the folder is written, since the name is that of locks too. */
        private static Path path(Path folder) throws IOException {
            return folder.toRealPath().resolve(SqliteSchema.FILE);
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public String name() {
            return "sqlite";
        }
    }
}
