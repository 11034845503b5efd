// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.SweepReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Fills a root by hand, since that is quicker, and prints what the work of a manager takes at several sizes. */
final class ScaleScenario {

    private static final String DEAD = "99999-1700000000000-0123456789abcdef";
    private static final int REMAINING = 1_000;
    private static final int PAGE = 1_000;

    private final RootFiles files;
    private final List<CacheId> some = new ArrayList<>();
    private int made;

    private ScaleScenario(RootFiles files) {
        this.files = files;
    }

    public static void main(String[] arguments) throws Exception {
        LogLines.quiet();
        ScaleScenario scenario = new ScaleScenario(new RootFiles(Path.of(arguments[0])));
        try (CacheManager manager = scenario.files.manager()) {
            manager.create().close();
        }
        for (int i = 1; i < arguments.length; i++) {
            scenario.fill(Integer.parseInt(arguments[i]));
            scenario.measure();
        }
        scenario.reclaim();
        scenario.printHeap();
    }

    private void fill(int size) throws IOException {
        for (; made < size; made++) {
            CacheId id = CacheId.random(Instant.ofEpochMilli(1_795_000_000_000L + made));
            Path cache = Files.createDirectory(files.cache(id));
            Files.write(
                    cache.resolve("meta.json"),
                    ("{\"id\":\"" + id + "\",\"createdAt\":\"" + id.time() + "\",\"number\":" + made + "}")
                            .getBytes(StandardCharsets.UTF_8));
            Files.createFile(Files.createDirectory(files.refs(id)).resolve("locked"));
            if (made % (size / 100) == 0) {
                some.add(id);
            }
        }
    }

    private void measure() throws Exception {
        long start = System.nanoTime();
        try (CacheManager manager = files.manager()) {
            print("start", start);
            long listed = timed("list()", () -> {
                try (Stream<CacheDescription> all = manager.list()) {
                    return all.filter(CacheDescription::locked).count();
                }
            });
            assertThat(listed).isEqualTo(made);
            List<CacheDescription> first = timed("list(null, 1000)", () -> manager.list(null, PAGE));
            assertThat(first).hasSize(PAGE).extracting(CacheDescription::id).isSorted();
            CacheId middle = some.get(some.size() / 2);
            List<CacheDescription> page = timed("list(middle, 1000)", () -> manager.list(middle, PAGE));
            assertThat(page).hasSize(PAGE).allMatch(found -> found.id().compareTo(middle) > 0);
            int found = timed("find, " + some.size() + " times", () -> {
                some.forEach(id -> assertThat(manager.find(id)).isPresent());
                return some.size();
            });
            assertThat(found).isPositive();
            SweepReport report = timed("sweep, nothing to do", manager::sweep);
            assertThat(report.skipped()).isNull();
            assertThat(report.directories()).isZero();
            timed("first create", manager::create).close();
        }
    }

    /** All but a few were held by a process that died. */
    private void reclaim() throws Exception {
        List<String> names = RootFiles.names(files.refs());
        for (String name : names.subList(REMAINING, names.size())) {
            Path references = files.refs().resolve(name);
            Files.move(references.resolve("locked"), references.resolve(DEAD));
        }
        Files.createFile(files.owners().resolve(DEAD));
        try (CacheManager manager = files.manager();
                CacheDirectory held = manager.create()) {
            SweepReport report = timed("sweep, " + (names.size() - REMAINING) + " to wipe", manager::sweep);
            assertThat(report.deadOwners()).isOne();
            assertThat(report.directories()).isEqualTo(names.size() - REMAINING);
            assertThat(manager.list()).hasSize(REMAINING + 1);
            assertThat(held.exists("none")).isFalse();
        }
        assertThat(RootFiles.names(files.trash())).isEmpty();
        assertThat(RootFiles.names(files.caches())).isEqualTo(names.subList(0, REMAINING));
    }

    private <T> T timed(String what, Callable<T> work) throws Exception {
        long start = System.nanoTime();
        T result = work.call();
        print(what, start);
        return result;
    }

    private void print(String what, long start) {
        System.out.printf("%,9d directories: %-28s %,8.1f ms%n", made, what, (System.nanoTime() - start) / 1e6);
    }

    private void printHeap() {
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                System.out.printf(
                        "%-20s at most %,8d KiB%n",
                        pool.getName(), pool.getPeakUsage().getUsed() / 1024);
            }
        }
    }
}
