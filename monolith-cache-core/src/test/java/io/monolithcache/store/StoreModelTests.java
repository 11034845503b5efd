// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.store.Store.Selection;
import io.monolithcache.store.index.EntryIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Random operations, each compared with a plain model, and the disk with what is counted. */
class StoreModelTests {

    private static final int RUNS = 20;
    private static final int STEPS = 250;
    private static final int KEYS = 24;

    /** The disk is looked at each so many steps. */
    private static final int LOOKS = 10;

    @TempDir
    Path folder;

    @Test
    void aStoreDoesWhatAMapWithLimitsDoes() throws IOException {
        long seed = Long.getLong("monolith.store.seed", System.nanoTime());
        Random seeds = new Random(seed);
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(seeds.nextLong());
            Path root = folder.resolve("run-" + run);
            try (Run each = new Run(root, random, MemoryIndex.FORMAT)) {
                for (int step = 0; step < STEPS; step++) {
                    String done = each.step();
                    each.check(step % LOOKS == 0, "seed " + seed + ", run " + run + ", step " + step + ": " + done);
                }
            }
            FileSystemUtils.deleteRecursively(root);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Stored(byte[] content, Set<String> tags, long readAt, boolean locked) {

        Stored read(long at) {
            return new Stored(content, tags, at, locked);
        }

        Stored locked(boolean isLocked) {
            return new Stored(content, tags, readAt, isLocked);
        }
    }

    private static final class Run implements AutoCloseable {

        private final Path root;
        private final Random random;
        private final EntryIndex.Format index;
        private final TestClock clock = new TestClock();
        private final StoreLimits limits;
        private final Map<String, Stored> model = new LinkedHashMap<>();
        private long time;
        private Store store;

        Run(Path root, Random random, EntryIndex.Format index) {
            this.root = root;
            this.random = random;
            this.index = index;
            this.limits = StoreLimits.NONE
                    .withEntries(random.nextBoolean() ? 1 + random.nextInt(12) : Long.MAX_VALUE)
                    .withSize(random.nextBoolean() ? 4_096L * (1 + random.nextInt(30)) : Long.MAX_VALUE);
            this.store = open();
        }

        private Store open() {
            return Store.in(root).index(index).limits(limits).clock(clock).open();
        }

        String step() {
            clock.advance(Duration.ofMillis(1));
            time++;
            String key = "key" + random.nextInt(KEYS);
            int choice = random.nextInt(100);
            if (choice < 45) {
                return put(key, random.nextInt(4) == 0 ? random.nextInt(40_000) : random.nextInt(5_000));
            } else if (choice < 75) {
                return find(key);
            } else if (choice < 82) {
                assertThat(store.remove(key)).isEqualTo(model.remove(key) != null);
                return "remove " + key;
            } else if (choice < 90) {
                boolean locked = random.nextInt(3) == 0;
                boolean isThere = model.computeIfPresent(key, (unused, stored) -> stored.locked(locked)) != null;
                assertThat(locked ? store.lock(key) : store.unlock(key)).isEqualTo(isThere);
                return "lock " + key + " " + locked;
            } else if (choice < 94) {
                String tag = "tag" + random.nextInt(3);
                store.evict(Selection.tag(tag), false);
                model.values()
                        .removeIf(stored -> !stored.locked() && stored.tags().contains(tag));
                return "evict " + tag;
            } else if (choice < 97) {
                store.close();
                store = open();
                return "reopen";
            }
            store.sweep();
            return "sweep";
        }

        private String put(String key, int length) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            Set<String> tags = random.nextBoolean() ? Set.of("tag" + random.nextInt(3)) : Set.of();
            boolean isStream = random.nextBoolean();
            boolean fits = makeRoom(blocks(key, length, tags));
            String said = "put " + key + " of " + length + (isStream ? " as a stream" : "");
            try {
                boolean stored =
                        store.put(key, isStream ? () -> new ByteArrayInputStream(content) : Content.of(content), tags);
                assertThat(stored).as(said).isEqualTo(fits);
            } catch (EntryTooLargeException tooLarge) {
                assertThat(blocks(key, length, tags)).as(said).isGreaterThan(limits.size());
                return said + ", too large";
            }
            if (fits) {
                boolean wasLocked = model.containsKey(key) && model.get(key).locked();
                model.put(key, new Stored(content, tags, time, wasLocked));
            } else {
                model.remove(key);
            }
            return said;
        }

        private static long blocks(String key, int length, Set<String> tags) {
            int trailer = key.length()
                    + ValueFormat.FOOTER
                    + tags.stream().mapToInt(tag -> 4 + tag.length()).sum();
            return (length + trailer + 4_095L) / 4_096 * 4_096;
        }

        /** The one that is replaced is there until the new one is. */
        private boolean makeRoom(long bytes) {
            if (bytes > limits.size()) {
                return true;
            }
            while (bytes + bytes() > limits.size() || model.size() + 1 > limits.entries()) {
                String oldest = null;
                for (Map.Entry<String, Stored> each : model.entrySet()) {
                    if (!each.getValue().locked()
                            && (oldest == null
                                    || each.getValue().readAt()
                                            < model.get(oldest).readAt())) {
                        oldest = each.getKey();
                    }
                }
                if (oldest == null) {
                    return false;
                }
                model.remove(oldest);
            }
            return true;
        }

        private long bytes() {
            return model.entrySet().stream()
                    .mapToLong(each -> blocks(
                            each.getKey(),
                            each.getValue().content().length,
                            each.getValue().tags()))
                    .sum();
        }

        private String find(String key) {
            Stored expected = model.computeIfPresent(key, (unused, stored) -> stored.read(time));
            byte[] found = store.find(key).map(Entry::bytes).orElse(null);
            assertThat(found).isEqualTo(expected == null ? null : expected.content());
            return "find " + key;
        }

        void check(boolean isToLook, String what) throws IOException {
            StoreStatus status = store.status();
            assertThat(status.bytes()).as(what).isEqualTo(bytes()).isLessThanOrEqualTo(limits.size());
            assertThat(status.entries()).as(what).isEqualTo(model.size()).isLessThanOrEqualTo(limits.entries());
            if (isToLook) {
                checkFiles(what);
                checkList(what);
            }
        }

        private void checkFiles(String what) throws IOException {
            Map<String, Integer> files = new HashMap<>();
            long bytes = 0;
            try (Stream<Path> content = Files.walk(root.resolve("content"))) {
                for (Path file :
                        content.filter(each -> each.toString().endsWith(".v")).toList()) {
                    files.put(ValueReader.trailer(file).key(), (int) Files.size(file));
                    bytes += (Files.size(file) + 4_095) / 4_096 * 4_096;
                }
            }
            assertThat(files.keySet()).as(what).isEqualTo(model.keySet());
            assertThat(bytes).as(what).isEqualTo(bytes());
        }

        private void checkList(String what) {
            Set<String> listed = new HashSet<>();
            store.entries().forEach(entry -> {
                listed.add(entry.key());
                Stored stored = model.get(entry.key());
                assertThat(stored).as(what).isNotNull();
                assertThat(entry.length()).as(what).isEqualTo(stored.content().length);
                assertThat(entry.tags()).as(what).isEqualTo(stored.tags());
                assertThat(entry.locked()).as(what).isEqualTo(stored.locked());
            });
            assertThat(listed).as(what).isEqualTo(model.keySet());
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
