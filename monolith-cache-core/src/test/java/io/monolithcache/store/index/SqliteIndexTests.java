// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import static io.monolithcache.store.index.Entries.NOW;
import static io.monolithcache.store.index.Entries.all;
import static io.monolithcache.store.index.Entries.entry;
import static io.monolithcache.store.index.Entries.keys;
import static io.monolithcache.store.index.Entries.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.monolithcache.owner.ProcessWide;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SqliteIndexTests extends EntryIndexContract {

    @Override
    EntryIndex.Format format() {
        return SqliteIndex.FORMAT;
    }

    @Override
    String file() {
        return "index-1.db";
    }

    @Override
    void writeOtherVersion(Path file) throws Exception {
        execute("PRAGMA user_version = 2");
    }

    private Connection connect() throws SQLException {
        return SqliteFile.connect(path());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> texts(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }

    @Test
    void isSharedAndHasAName() {
        assertThat(format().isShared()).isTrue();
        assertThat(format().name()).isEqualTo("sqlite");
    }

    @Test
    void severalSeeTheSameList() throws IOException {
        EntryIndex other = openAnother();
        index.apply(puts(entry("a", "green")));
        other.apply(puts(entry("b", "green")));

        assertThat(keys(all(index))).containsExactlyInAnyOrder("a", "b");
        assertThat(all(other)).isEqualTo(all(index));
        index.close();
        other.apply(puts(entry("c")));
        assertThat(other.totals()).isEqualTo(new IndexTotals(3, 3 * 4096));
    }

    @Test
    void closingTheLastOneLeavesOneFile() throws IOException {
        index.apply(puts(entry("a")));
        index.close();

        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith("-wal"));
    }

    @Test
    void anOrderIsKeptOnceItIsAskedFor() throws Exception {
        index.apply(puts(entry("a")));
        String orders = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
        assertThat(texts(orders)).isEmpty();

        index.victims(EvictionOrder.READ, 1);

        assertThat(texts(orders)).containsExactly("read");
    }

    @Test
    void victimsAreNotSorted() throws Exception {
        for (EvictionOrder order : EvictionOrder.values()) {
            index.victims(order, 1);

            assertThat(plan("SELECT * FROM entry e INDEXED BY \"" + SqliteSchema.orderName(order)
                            + "\" WHERE locked = 0 ORDER BY " + SqliteSchema.order(order) + " LIMIT 1"))
                    .doesNotContain("TEMP B-TREE");
        }
    }

    private String plan(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            StringBuilder plan = new StringBuilder();
            while (row.next()) {
                plan.append(row.getString("detail")).append('\n');
            }
            return plan.toString();
        }
    }

    @Test
    void readersGoOnAndWritersWaitWhileAnotherWrites() throws Exception {
        index.apply(puts(entry("a")));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection other = connect()) {
            other.setAutoCommit(false);
            Future<?> writer = thread.submit(() -> {
                index.apply(puts(entry("b")));
                return "written";
            });

            assertThat(keys(all(index))).containsExactly("a");
            assertThat(writer.isDone()).isFalse();

            other.setAutoCommit(true);
            writer.get(30, TimeUnit.SECONDS);
            assertThat(all(index)).hasSize(2);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aBatchThatFailsInItsMiddleLeavesNothing() throws Exception {
        index.apply(puts(entry("a", "green")));
        execute("CREATE TRIGGER refuse BEFORE INSERT ON entry WHEN NEW.key = 'bad' BEGIN SELECT RAISE(ABORT, 'no');"
                + " END");
        List<IndexChange> changes = new ArrayList<>(batch("good", 1));
        changes.add(new IndexChange.Remove(EntryHash.ofKey("a")));
        changes.addAll(puts(entry("bad", "green")));
        changes.addAll(batch("good", 2));

        assertThatIOException().isThrownBy(() -> index.apply(changes));

        execute("DROP TRIGGER refuse");
        assertThat(keys(all(index))).containsExactly("a");
        assertThat(index.totals()).isEqualTo(new IndexTotals(1, 4096));
        index.apply(changes);
        assertThat(all(index)).hasSize(21);
    }

    @Test
    void tablesOfSomebodyElseAreUnusable() throws Exception {
        index.close();
        format().delete(folder);
        execute("CREATE TABLE other (id INTEGER)");

        assertThatExceptionOfType(UnusableIndexException.class)
                .isThrownBy(this::openAnother)
                .withMessageContaining("version 0");
    }

    @Test
    void valuesThatNobodyWroteAreUnusable() throws Exception {
        index.apply(puts(entry("a", "green")));
        List<String> damages = List.of(
                "UPDATE entry SET tags = 'green'",
                "UPDATE entry SET hash = x'00'",
                "DELETE FROM total",
                "DROP TABLE tag",
                "DROP TABLE entry");
        for (String damage : damages) {
            execute(damage);
            assertThatExceptionOfType(UnusableIndexException.class).as(damage).isThrownBy(() -> {
                Entries.askAll(index);
                index.apply(puts(entry("a", "green")));
            });
        }
    }

    @Test
    void damageThatComesLaterIsNoticed() throws Exception {
        index.apply(batch("x", 1));
        index.close();
        index = openAnother();
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[(int) channel.size()]), 0);
        }

        assertThatExceptionOfType(UnusableIndexException.class).isThrownBy(() -> all(index));
        assertThatExceptionOfType(UnusableIndexException.class).isThrownBy(() -> {
            index.apply(batch("y", 1));
            reopen();
        });
    }

    @Test
    void aFileThatIsRemovedWhileItIsOpenIsNoticed() throws IOException {
        index.apply(puts(entry("a")));
        Files.delete(path());

        assertThatExceptionOfType(UnusableIndexException.class)
                .isThrownBy(() -> index.apply(puts(entry("b"))))
                .withMessageContaining("removed");
        assertThatExceptionOfType(UnusableIndexException.class).isThrownBy(() -> index.completeAt(NOW));

        index.close();
        format().delete(folder);
        index = openAnother();
        assertThat(all(index)).isEmpty();
    }

    @Test
    void whoClosesWhatWasReplacedHarmsNotTheNewOne() throws IOException {
        index.apply(puts(entry("a")));
        format().delete(folder);
        EntryIndex fresh = openAnother();
        fresh.apply(puts(entry("b")));

        assertThatExceptionOfType(UnusableIndexException.class)
                .isThrownBy(() -> index.apply(puts(entry("c"))))
                .withMessageContaining("replaced");
        index.close();

        assertThat(path().resolveSibling(file() + "-wal")).isNotEmptyFile();
        EntryIndex another = openAnother();
        another.apply(puts(entry("d")));
        assertThat(keys(all(fresh))).containsExactlyInAnyOrder("b", "d");
    }

    @Test
    void aSecondCopyOfTheLibraryInThisProcessIsRefused() throws IOException {
        index.close();
        String name = path().toRealPath().toUri().toString();
        assertThat(ProcessWide.tryEnter(name)).isTrue();
        try {
            assertThatIOException().isThrownBy(this::openAnother).withMessageContaining("class loader");
        } finally {
            ProcessWide.leave(name);
        }
        index = openAnother();
    }

    @Test
    void aFolderInItsPlaceIsAnErrorOfTheDisk() throws IOException {
        index.close();
        format().delete(folder);
        Files.createDirectory(path());

        assertThatIOException()
                .isThrownBy(this::openAnother)
                .withMessageContaining(file())
                .isNotInstanceOf(UnusableIndexException.class);
    }

    // Processes

    @Test
    void fourProcessesWriteAtOnceAndOneIsKilled() throws Exception {
        int processes = 4;
        int batches = 40;
        List<IndexProcess> writers = new ArrayList<>();
        try {
            for (int i = 0; i < processes; i++) {
                writers.add(IndexProcess.start("write", folder, "process-" + i, String.valueOf(batches)));
            }
            writers.get(0).awaitLines(10);
            writers.get(0).kill();
            for (IndexProcess writer : writers.subList(1, processes)) {
                assertThat(writer.awaitEnd()).isZero();
                assertThat(writer.lines()).hasSize(batches);
            }

            for (int i = 0; i < processes; i++) {
                String name = "process-" + i;
                List<String> listed = keys(all(index, Entries.withPrefix(name + "/"), 1_000));
                List<String> told = keysOf(name, writers.get(i).lines().size());
                assertThat(listed).as("what %s applied", name).containsAll(told).hasSizeLessThan(told.size() + 11);
                assertThat(listed.size() % 10).as("whole batches of %s", name).isZero();
            }
            assertThat(index.totals().entries()).isEqualTo(all(index).size());
        } finally {
            writers.forEach(IndexProcess::kill);
        }
    }

    private static List<String> keysOf(String name, int batches) {
        return IntStream.range(0, batches)
                .boxed()
                .flatMap(batch -> batch(name, batch).stream())
                .map(change -> ((IndexChange.Put) change).entry().key())
                .toList();
    }
}
