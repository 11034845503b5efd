// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.crash.ChildProcess;
import io.monolithcache.directory.fault.MountNamespace;
import io.monolithcache.store.Content;
import io.monolithcache.store.Store;
import io.monolithcache.store.StoreStatus;
import io.monolithcache.store.index.EntryIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four processes with many threads on one store. */
@Tag("long")
class StoreLoadTests {

    private static final int CHILDREN = 4;

    @TempDir
    Path folder;

    private Path root;

    private final List<ChildProcess> children = new ArrayList<>();

    @BeforeEach
    void chooseRoot() {
        root = folder.resolve("store");
    }

    @AfterEach
    void endChildren() {
        children.forEach(ChildProcess::kill);
    }

    private Path index() throws IOException {
        return Files.createDirectories(folder.resolve("index"));
    }

    private void run(String what, long size) throws IOException {
        for (int child = 0; child < CHILDREN; child++) {
            children.add(ChildProcess.start(
                    LoadingChild.class,
                    folder.resolve("output-" + child),
                    root.toString(),
                    folder.resolve("log-" + child).toString(),
                    folder.resolve("begin").toString(),
                    what,
                    Long.toString(size),
                    index().toString()));
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> lines("READY").size() == CHILDREN);
        Path unused = Files.createFile(folder.resolve("begin"));
        children.forEach(ChildProcess::awaitEnd);
        assertThat(lines("DONE")).as(this::outputs).hasSize(CHILDREN);
    }

    private List<String> lines(String word) {
        try {
            List<String> lines = new ArrayList<>();
            for (int child = 0; child < CHILDREN; child++) {
                lines.addAll(Log.read(folder.resolve("log-" + child)));
            }
            lines.removeIf(line -> !line.startsWith(word));
            return lines;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String outputs() {
        try {
            StringBuilder all = new StringBuilder();
            for (int child = 0; child < CHILDREN; child++) {
                all.append(Files.readString(folder.resolve("output-" + child)));
            }
            return all.toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void aThousandThreadsOfFourProcessesLoadAMissingEntryOnce() throws IOException {
        run("ask", 0);

        assertThat(lines("LOADED")).containsExactlyInAnyOrder("LOADED missing0", "LOADED missing1", "LOADED missing2");
    }

    @Test
    void whoeverWaitsForALoaderThatDiesLoadsItself() throws Exception {
        try (Store store = Store.in(root).index(Indexes.shared()).open()) {
            ChildProcess loader = ChildProcess.start(
                    HangingLoader.class,
                    folder.resolve("output-0"),
                    root.toString(),
                    folder.resolve("log-0").toString());
            children.add(loader);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Log.read(folder.resolve("log-0")).contains("LOADING"));
            Thread killer = new Thread(loader::kill);
            killer.start();

            byte[] loaded =
                    store.getOrLoad("key", key -> Content.of(new byte[] {7})).bytes();

            assertThat(loaded).containsExactly(7);
            killer.join();
        }
    }

    /** Loads, and never comes to an end. */
    static final class HangingLoader {

        private HangingLoader() {}

        public static void main(String[] arguments) throws Exception {
            try (Store store = Store.in(Path.of(arguments[0]))
                            .index(Indexes.shared())
                            .open();
                    Log log = new Log(Path.of(arguments[1]))) {
                store.getOrLoad("key", key -> {
                            log.say("LOADING");
                            new CountDownLatch(1).await();
                            return Content.of(new byte[0]);
                        })
                        .close();
            }
        }
    }

    @Test
    void whatIsOnTheDiskNeverPassesTheLimit() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        System.out.println(MountNamespace.after("mount -t tmpfs -o size=64m tmpfs \"$1\"", disk)
                .run(LimitScenario.class, disk, folder)
                .strip());
    }

    /** On a disk that has nothing but the store. */
    static final class LimitScenario {

        private LimitScenario() {}

        public static void main(String[] arguments) throws IOException {
            StoreLoadTests tests = new StoreLoadTests();
            tests.folder = Path.of(arguments[1]);
            try {
                tests.checkLimit(Path.of(arguments[0]), 8L << 20);
            } finally {
                tests.endChildren();
            }
        }
    }

    private void checkLimit(Path disk, long limit) throws IOException {
        root = disk;
        EntryIndex.Format index = Indexes.sharedIn(index());
        try (DiskUse use = new DiskUse(root, index)) {
            run("write", limit);
            use.close();

            long written = lines("WROTE").stream()
                    .mapToLong(line -> Long.parseLong(line.split(" ", -1)[1]))
                    .sum();
            System.out.println("written " + written + ", limit " + limit + ", at most " + use.most() + " in "
                    + use.samples() + " samples");
            assertThat(written).isGreaterThan(2 * limit);
            assertThat(use.most()).isBetween(limit / 2, limit);
        }
        try (Store store = Store.in(root).index(index).open()) {
            StoreStatus status = store.status();
            assertThat(status.bytes()).isBetween(limit / 2, limit);
            assertThat(store.entries()).hasSize((int) status.entries());
        }
    }
}
