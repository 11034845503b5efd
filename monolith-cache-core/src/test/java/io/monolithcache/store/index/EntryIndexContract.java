// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import static io.monolithcache.store.index.Entries.NOW;
import static io.monolithcache.store.index.Entries.all;
import static io.monolithcache.store.index.Entries.entry;
import static io.monolithcache.store.index.Entries.keys;
import static io.monolithcache.store.index.Entries.puts;
import static io.monolithcache.store.index.Entries.withPrefix;
import static io.monolithcache.store.index.Entries.withTag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link EntryIndex} does. */
abstract class EntryIndexContract {

    @TempDir
    Path base;

    /** Of a name that tries to be something else. */
    Path folder;

    EntryIndex index;

    private final List<EntryIndex> opened = new ArrayList<>();

    abstract EntryIndex.Format format();

    /** The name of the file that has the list. */
    abstract String file();

    /** Makes the file one that another version has written. */
    abstract void writeOtherVersion(Path file) throws Exception;

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectory(base.resolve("a store?mode=memory&x=%41#'é"));
        index = openAnother();
    }

    @AfterEach
    void close() throws IOException {
        for (EntryIndex each : opened) {
            each.close();
        }
    }

    EntryIndex openAnother() throws IOException {
        EntryIndex another = format().open(folder);
        opened.add(another);
        return another;
    }

    void reopen() throws IOException {
        index.close();
        index = openAnother();
    }

    Path path() {
        return folder.resolve(file());
    }

    // What is listed

    @Test
    void beginsEmpty() throws IOException {
        assertThat(all(index)).isEmpty();
        assertThat(index.find(EntryHash.ofKey("a"))).isEmpty();
        assertThat(index.victims(EvictionOrder.READ, 10)).isEmpty();
        assertThat(index.folder(0)).isEmpty();
        assertThat(index.totals()).isEqualTo(new IndexTotals(0, 0));
        assertThat(index.completeAt()).isZero();
    }

    @Test
    void whatIsPutComesBackAsItWas() throws IOException {
        IndexedEntry entry = new IndexedEntry(
                EntryHash.ofKey("a"), "a", Long.MAX_VALUE, 1L << 40, -1, NOW, 1L << 60, true, Set.of("x", "y"));

        index.apply(puts(entry));

        assertThat(index.find(entry.hash())).contains(entry);
        reopen();
        assertThat(index.find(entry.hash())).contains(entry);
        assertThat(all(index)).containsExactly(entry);
    }

    @Test
    void anotherPutReplaces() throws IOException {
        index.apply(puts(entry("a", "old", "both")));
        IndexedEntry other =
                new IndexedEntry(EntryHash.ofKey("a"), "a", 7, 8192, NOW + 1, NOW + 1, 0, false, Set.of("new", "both"));

        index.apply(puts(other));

        assertThat(all(index)).containsExactly(other);
        assertThat(index.totals()).isEqualTo(new IndexTotals(1, 8192));
        assertThat(all(index, withTag("old"), 10)).isEmpty();
        assertThat(all(index, withTag("both"), 10)).containsExactly(other);
        assertThat(all(index, withTag("new"), 10)).containsExactly(other);
    }

    @Test
    void whatIsRemovedIsGone() throws IOException {
        index.apply(puts(entry("a", "green"), entry("b", "green")));

        index.apply(List.of(new IndexChange.Remove(EntryHash.ofKey("a"))));

        assertThat(keys(all(index))).containsExactly("b");
        assertThat(keys(all(index, withTag("green"), 10))).containsExactly("b");
        assertThat(index.totals()).isEqualTo(new IndexTotals(1, 4096));
        assertThat(index.find(EntryHash.ofKey("a"))).isEmpty();
    }

    @Test
    void aTouchCountsAndKeepsTheLaterTime() throws IOException {
        IndexedEntry entry = entry("a");
        index.apply(puts(entry));

        index.apply(List.of(new IndexChange.Touch(entry.hash(), NOW + 60, 2)));
        index.apply(List.of(new IndexChange.Touch(entry.hash(), NOW + 30, 1)));

        assertThat(index.find(entry.hash())).contains(entry.touched(NOW + 60, 3));
    }

    @Test
    void aLockIsSetAndTakenBack() throws IOException {
        IndexedEntry entry = entry("a");
        index.apply(puts(entry));

        index.apply(List.of(new IndexChange.Lock(entry.hash(), true)));
        assertThat(index.find(entry.hash())).contains(entry.locked(true));

        index.apply(List.of(new IndexChange.Lock(entry.hash(), false)));
        assertThat(index.find(entry.hash())).contains(entry);
    }

    @Test
    void whatIsReplacedStaysLocked() throws IOException {
        index.apply(puts(entry("a"), entry("b").locked(true)));
        index.apply(List.of(new IndexChange.Lock(EntryHash.ofKey("a"), true)));

        index.apply(puts(entry("a"), entry("b").locked(false), entry("c").locked(true)));

        assertThat(all(index)).allMatch(IndexedEntry::locked);
        index.apply(List.of(new IndexChange.Remove(EntryHash.ofKey("a")), new IndexChange.Put(entry("a"))));
        assertThat(index.find(EntryHash.ofKey("a"))).contains(entry("a"));
    }

    @Test
    void changesOfWhatIsNotListedHaveNoEffect() throws IOException {
        EntryHash unknown = EntryHash.ofKey("unknown");
        index.apply(puts(entry("a")));

        index.apply(List.of(
                new IndexChange.Touch(unknown, NOW, 1),
                new IndexChange.Lock(unknown, true),
                new IndexChange.Remove(unknown)));

        assertThat(keys(all(index))).containsExactly("a");
        assertThat(index.totals()).isEqualTo(new IndexTotals(1, 4096));
    }

    @Test
    void nothingToChangeChangesNothing() throws IOException {
        index.apply(List.of());

        assertThat(index.totals()).isEqualTo(new IndexTotals(0, 0));
    }

    @Test
    void changesOfABatchTakeEffectInTheirOrder() throws IOException {
        IndexedEntry entry = entry("a");
        EntryHash hash = entry.hash();

        index.apply(List.of(
                new IndexChange.Touch(hash, NOW + 9, 9),
                new IndexChange.Put(entry("a", "lost")),
                new IndexChange.Touch(hash, NOW + 8, 8),
                new IndexChange.Remove(hash),
                new IndexChange.Lock(hash, true),
                new IndexChange.Put(entry),
                new IndexChange.Touch(hash, NOW + 7, 7)));

        assertThat(all(index)).containsExactly(entry.touched(NOW + 7, 7));
        assertThat(index.totals()).isEqualTo(new IndexTotals(1, 4096));
        assertThat(all(index, withTag("lost"), 10)).isEmpty();

        index.apply(List.of(new IndexChange.Put(entry), new IndexChange.Remove(hash)));
        assertThat(all(index)).isEmpty();
        assertThat(index.totals()).isEqualTo(new IndexTotals(0, 0));
    }

    @Test
    void aBatchThatFailsLeavesNothing() throws IOException {
        index.apply(puts(entry("a")));

        assertThatNullPointerException()
                .isThrownBy(() -> index.apply(Arrays.asList(
                        new IndexChange.Put(entry("b")), new IndexChange.Remove(EntryHash.ofKey("a")), null)));

        assertThat(keys(all(index))).containsExactly("a");
        index.apply(puts(entry("c")));
        reopen();
        assertThat(keys(all(index))).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void remembersWhenItWasComplete() throws IOException {
        index.apply(puts(entry("a")));

        index.completeAt(NOW);
        assertThat(index.completeAt()).isEqualTo(NOW);

        index.apply(puts(entry("b")));
        reopen();
        assertThat(index.completeAt()).isEqualTo(NOW);
        assertThat(all(index)).hasSize(2);
    }

    // Keys and tags

    static Stream<String> oddTexts() {
        return Stream.of(
                "",
                " ",
                "a,b;c",
                "\"quoted\"",
                "'; DROP TABLE entry; --",
                "a\nb\r\nc\rd",
                "back\\slash\\",
                "100%_",
                "nul\0inside",
                "=HYPERLINK(\"x\")",
                "\uD83D\uDE00 beyond, é and e\u0301, \u4E2D, \uFFFF",
                "end",
                "\u0085\u2028",
                "x".repeat(64 * 1024));
    }

    @ParameterizedTest
    @MethodSource("oddTexts")
    void anyTextIsAKeyAndATag(String text) throws IOException {
        IndexedEntry entry = entry(text, text, "green");
        index.apply(puts(entry, entry("other")));

        reopen();

        assertThat(index.find(entry.hash())).contains(entry);
        assertThat(all(index, withPrefix(text), 10)).contains(entry).hasSize(text.isEmpty() ? 2 : 1);
        assertThat(all(index, withTag(text), 10)).containsExactly(entry);
        index.apply(List.of(new IndexChange.Remove(entry.hash())));
        assertThat(all(index, withTag(text), 10)).isEmpty();
        assertThat(keys(all(index))).containsExactly("other");
    }

    @Test
    void halfACharacterSelectsNothing() throws IOException {
        index.apply(puts(entry("half ?", "half ?"), entry("half \uD83D\uDE00")));

        assertThat(all(index, withPrefix("half \uD83D"), 10)).isEmpty();
        assertThat(all(index, withTag("half \uD83D"), 10)).isEmpty();
    }

    @Test
    void aPrefixIsMeantLiterally() throws IOException {
        index.apply(
                puts(entry("a%b"), entry("a_b"), entry("aXb"), entry("a\\b"), entry("A%b"), entry("a"), entry("a\0b")));

        assertThat(keys(all(index, withPrefix("a%"), 10))).containsExactly("a%b");
        assertThat(keys(all(index, withPrefix("a_"), 10))).containsExactly("a_b");
        assertThat(keys(all(index, withPrefix("a\\"), 10))).containsExactly("a\\b");
        assertThat(keys(all(index, withPrefix("a\0"), 10))).containsExactly("a\0b");
        assertThat(keys(all(index, withPrefix("A"), 10))).containsExactly("A%b");
        assertThat(all(index, withPrefix("a"), 10)).hasSize(6);
        assertThat(all(index, withPrefix(""), 10)).hasSize(7);
    }

    @Test
    void aPrefixIsOfCharactersAndNotOfBytes() throws IOException {
        index.apply(puts(
                entry("\uD83D\uDE00a"), entry("\uD83D\uDE01a"), entry("\uDBFF\uDFFFa"), entry("\uFFFFa"), entry("éa")));

        assertThat(keys(all(index, withPrefix("\uD83D\uDE00"), 10))).containsExactly("\uD83D\uDE00a");
        assertThat(keys(all(index, withPrefix("\uDBFF\uDFFF"), 10))).containsExactly("\uDBFF\uDFFFa");
        assertThat(keys(all(index, withPrefix("\uFFFF"), 10))).containsExactly("\uFFFFa");
        assertThat(keys(all(index, withPrefix("é"), 10))).containsExactly("éa");
    }

    // Pages

    @Test
    void pagesGoThroughAllInTheOrderOfHashes() throws IOException {
        IndexedEntry[] entries =
                IntStream.range(0, 25).mapToObj(i -> entry("key-" + i)).toArray(IndexedEntry[]::new);
        index.apply(puts(entries));

        for (int limit : new int[] {1, 7, 25, 100, Integer.MAX_VALUE}) {
            assertThat(all(index, IndexQuery.ALL, limit))
                    .as("in pages of %d", limit)
                    .containsExactlyElementsOf(Arrays.stream(entries)
                            .sorted(Comparator.comparing(IndexedEntry::hash))
                            .toList());
        }
    }

    @Test
    void changesBetweenPagesDisturbNeither() throws IOException {
        IndexedEntry[] entries = IntStream.range(0, 20)
                .mapToObj(i -> entry("key-" + i))
                .sorted(Comparator.comparing(IndexedEntry::hash))
                .toArray(IndexedEntry[]::new);
        index.apply(puts(entries));

        List<IndexedEntry> first = index.page(IndexQuery.ALL, null, 10);
        index.apply(List.of(
                new IndexChange.Remove(entries[0].hash()),
                new IndexChange.Remove(entries[9].hash()),
                new IndexChange.Remove(entries[15].hash()),
                new IndexChange.Touch(entries[12].hash(), NOW + 1, 1)));
        List<IndexedEntry> second = index.page(IndexQuery.ALL, entries[9].hash(), 10);

        assertThat(first).containsExactly(Arrays.copyOf(entries, 10));
        assertThat(second)
                .containsExactly(
                        entries[10],
                        entries[11],
                        entries[12].touched(NOW + 1, 1),
                        entries[13],
                        entries[14],
                        entries[16],
                        entries[17],
                        entries[18],
                        entries[19]);
        assertThat(index.page(IndexQuery.ALL, entries[19].hash(), 10)).isEmpty();
    }

    @Test
    void everyConditionOfAQueryCounts() throws IOException {
        IndexedEntry old = entry("a/old", NOW - 10, NOW, 0);
        IndexedEntry idle = entry("a/idle", NOW, NOW - 10, 0);
        IndexedEntry locked = entry("b/locked", "green").locked(true);
        IndexedEntry tagged = entry("a/tagged", "green", "hot");
        index.apply(puts(old, idle, locked, tagged));
        for (EvictionOrder order : EvictionOrder.values()) {
            index.victims(order, 1);
        }
        long any = Long.MAX_VALUE;

        assertThat(all(index, new IndexQuery(null, null, NOW, any, null), 1)).containsExactly(old);
        assertThat(all(index, new IndexQuery(null, null, any, NOW, null), 1)).containsExactly(idle);
        assertThat(all(index, new IndexQuery(null, null, any, any, true), 1)).containsExactly(locked);
        assertThat(all(index, new IndexQuery(null, null, any, any, false), 1))
                .containsExactlyInAnyOrder(old, idle, tagged);
        assertThat(all(index, withTag("green"), 1)).containsExactlyInAnyOrder(locked, tagged);
        assertThat(all(index, new IndexQuery("a/", "green", any, any, false), 1))
                .containsExactly(tagged);
        assertThat(all(index, new IndexQuery("a/", "green", NOW, any, false), 1))
                .isEmpty();
        assertThat(all(index, new IndexQuery("b/", "green", NOW + 1, NOW + 1, true), 1))
                .containsExactly(locked);
    }

    @Test
    void aFolderHasTheHashesThatBeginWithItsByte() throws IOException {
        List<EntryHash> hashes = new ArrayList<>();
        for (int first : new int[] {0, 0, 1, 127, 128, 254, 255, 255}) {
            byte[] bytes = new byte[EntryHash.BYTES];
            Arrays.fill(bytes, (byte) hashes.size());
            bytes[0] = (byte) first;
            hashes.add(EntryHash.of(bytes));
        }
        byte[] last = new byte[EntryHash.BYTES];
        Arrays.fill(last, (byte) 0xff);
        hashes.add(EntryHash.of(last));
        EntryHash zero = EntryHash.of(new byte[EntryHash.BYTES]);
        hashes.set(0, zero);
        index.apply(hashes.stream()
                .<IndexChange>map(hash -> new IndexChange.Put(
                        new IndexedEntry(hash, hash.toString(), 1, 1, NOW, NOW, 0, false, Set.of())))
                .toList());

        for (int folder = 0; folder < 256; folder++) {
            int number = folder;
            assertThat(index.folder(folder))
                    .as("folder %d", folder)
                    .containsExactlyElementsOf(hashes.stream()
                            .filter(hash -> hash.folder() == number)
                            .sorted()
                            .toList());
        }
        assertThat(index.page(IndexQuery.ALL, null, 1).get(0).hash()).isEqualTo(zero);
    }

    // Victims

    @Test
    void victimsComeInTheOrderThatIsAskedFor() throws IOException {
        index.apply(puts(
                entry("a", NOW + 1, NOW + 3, 5), entry("b", NOW + 2, NOW + 2, 5), entry("c", NOW + 3, NOW + 1, 9)));

        assertThat(keys(index.victims(EvictionOrder.WRITTEN, 10))).containsExactly("a", "b", "c");
        assertThat(keys(index.victims(EvictionOrder.READ, 10))).containsExactly("c", "b", "a");
        assertThat(keys(index.victims(EvictionOrder.HITS, 10))).containsExactly("b", "a", "c");
        assertThat(keys(index.victims(EvictionOrder.HITS, 1))).containsExactly("b");

        index.apply(List.of(new IndexChange.Touch(EntryHash.ofKey("b"), NOW + 9, 9)));
        assertThat(keys(index.victims(EvictionOrder.WRITTEN, 10))).containsExactly("a", "b", "c");
        assertThat(keys(index.victims(EvictionOrder.READ, 10))).containsExactly("c", "a", "b");
        assertThat(keys(index.victims(EvictionOrder.HITS, 10))).containsExactly("a", "c", "b");
    }

    @Test
    void hashesDecideBetweenEquals() throws IOException {
        IndexedEntry[] entries =
                IntStream.range(0, 10).mapToObj(i -> entry("key-" + i)).toArray(IndexedEntry[]::new);
        index.apply(puts(entries));

        for (EvictionOrder order : EvictionOrder.values()) {
            assertThat(index.victims(order, 5))
                    .containsExactlyElementsOf(Arrays.stream(entries)
                            .sorted(Comparator.comparing(IndexedEntry::hash))
                            .limit(5)
                            .toList());
        }
    }

    @Test
    void whatIsLockedIsNoVictim() throws IOException {
        index.apply(puts(entry("a"), entry("b").locked(true), entry("c")));
        index.apply(List.of(
                new IndexChange.Lock(EntryHash.ofKey("a"), true), new IndexChange.Lock(EntryHash.ofKey("b"), false)));

        for (EvictionOrder order : EvictionOrder.values()) {
            assertThat(keys(index.victims(order, 10))).containsExactlyInAnyOrder("b", "c");
        }
        index.apply(List.of(
                new IndexChange.Lock(EntryHash.ofKey("a"), false), new IndexChange.Lock(EntryHash.ofKey("c"), true)));
        for (EvictionOrder order : EvictionOrder.values()) {
            assertThat(keys(index.victims(order, 10))).containsExactlyInAnyOrder("a", "b");
        }
    }

    // Opening and closing

    @Test
    void aFolderThatIsNotThereIsAnError() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> format().open(base.resolve("nowhere")))
                .isNotInstanceOf(UnusableIndexException.class);
    }

    @Test
    void whatIsDeletedBeginsAnew() throws IOException {
        index.apply(puts(entry("a")));
        index.close();

        format().delete(folder);
        format().delete(folder);

        assertThat(path()).doesNotExist();
        index = openAnother();
        assertThat(all(index)).isEmpty();
    }

    @Test
    void onlyALockStaysOfWhatIsDeleted() throws IOException {
        index.apply(puts(entry("a")));
        index.close();

        format().delete(folder);

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).singleElement().satisfies(lock -> assertThat(lock).isEmptyFile());
        }
    }

    @Test
    void whatIsClosedStaysClosedAndSaysSo() throws IOException {
        index.close();
        index.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> index.apply(puts(entry("a"))))
                .withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> index.totals());
        assertThatIllegalStateException().isThrownBy(() -> index.find(EntryHash.ofKey("a")));
    }

    @Test
    void aLinkToTheFolderIsTheSameFolder() throws IOException {
        index.apply(puts(entry("a")));
        index.close();
        Path link = Files.createSymbolicLink(base.resolve("link"), folder);

        try (EntryIndex linked = format().open(link)) {
            assertThat(keys(all(linked))).containsExactly("a");
        }
    }

    // Files that are not as they were written

    @Test
    void anEmptyFileIsBegunAnew() throws IOException {
        index.apply(puts(entry("a")));
        index.completeAt(NOW);
        index.close();
        Files.write(path(), new byte[0]);

        index = openAnother();

        assertThat(all(index)).isEmpty();
        assertThat(index.completeAt()).isZero();
    }

    @Test
    void whatIsNoIndexIsUnusableUntilItIsDeleted() throws IOException {
        index.close();
        byte[] noise = new byte[10_000];
        new Random(42).nextBytes(noise);
        Files.write(path(), noise);

        assertUnusable();
    }

    @Test
    void aTextThatIsNoIndexIsUnusable() throws IOException {
        index.close();
        Files.writeString(path(), "version,1\n{\"hello\":\"world\"}\n".repeat(100));

        assertUnusable();
    }

    @Test
    void anotherVersionIsUnusable() throws Exception {
        index.apply(puts(entry("a")));
        index.close();
        writeOtherVersion(path());

        assertUnusable();
    }

    @Test
    void aTruncatedFileIsUnusable() throws IOException {
        fill();
        index.close();
        long size = Files.size(path());
        byte[] whole = Files.readAllBytes(path());

        // not 1: for SQLite, that is an empty file on some systems
        for (long left : new long[] {2, 100, size / 3, size / 2, size - 4096}) {
            Files.write(path(), whole);
            try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
                channel.truncate(left);
            }
            assertUnusable();
        }
    }

    private void assertUnusable() throws IOException {
        assertThatExceptionOfType(UnusableIndexException.class)
                .isThrownBy(() -> {
                    try (EntryIndex damaged = format().open(folder)) {
                        Entries.askAll(damaged);
                    }
                })
                .withMessageContaining(file());
        format().delete(folder);
        try (EntryIndex anew = format().open(folder)) {
            anew.apply(puts(entry("a")));
            assertThat(keys(all(anew))).containsExactly("a");
        }
    }

    private void fill() throws IOException {
        index.apply(IntStream.range(0, 500)
                .<IndexChange>mapToObj(i -> new IndexChange.Put(entry("/" + i + "/" + "x".repeat(i % 50), "green")))
                .toList());
    }

    @Test
    void flippedBitsAreAnAnswerOrUnusableAndNothingElse() throws IOException {
        fill();
        Entries.askAll(index);
        index.close();
        byte[] whole = Files.readAllBytes(path());
        long seed = System.nanoTime();
        Random random = new Random(seed);

        for (int round = 0; round < 60; round++) {
            byte[] damaged = whole.clone();
            for (int flips = 0; flips < 20; flips++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            format().delete(folder);
            Files.write(path(), damaged);

            assertThatCode(this::useWhatMayBeDamaged)
                    .as("seed %d, round %d", seed, round)
                    .doesNotThrowAnyException();
        }
    }

    private void useWhatMayBeDamaged() throws IOException {
        try (EntryIndex damaged = format().open(folder)) {
            Entries.askAll(damaged);
            damaged.apply(List.of(
                    new IndexChange.Put(entry("another", "green")),
                    new IndexChange.Put(entry("/7/xxxxxxx", "hot")),
                    new IndexChange.Touch(entry("/8/xxxxxxxx").hash(), NOW + 1, 1),
                    new IndexChange.Remove(entry("/9/xxxxxxxxx").hash())));
            damaged.completeAt(NOW);
        } catch (UnusableIndexException expected) {
            // it is then deleted and rebuilt
        }
    }

    // Threads

    @Test
    void threadsReadWholeBatchesWhileOthersWrite() throws Exception {
        int writers = 3;
        int batches = 15;
        AtomicInteger writing = new AtomicInteger(writers);
        ExecutorService threads = Executors.newFixedThreadPool(writers + 3);
        try {
            List<Callable<Object>> work = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                String name = "writer-" + writer;
                work.add(() -> {
                    try {
                        for (int batch = 0; batch < batches; batch++) {
                            index.apply(batch(name, batch));
                        }
                        return name;
                    } finally {
                        writing.decrementAndGet();
                    }
                });
            }
            for (int reader = 0; reader < 3; reader++) {
                work.add(() -> {
                    while (writing.get() > 0) {
                        assertThat(index.totals().entries() % 10).isZero();
                        assertThat(index.page(IndexQuery.ALL, null, 1_000).size() % 10)
                                .isZero();
                        assertThat(index.victims(EvictionOrder.READ, 1_000).size() % 10)
                                .isZero();
                        index.find(EntryHash.ofKey("writer-0/3/3"));
                        index.folder(7);
                    }
                    return "read";
                });
            }
            for (Future<Object> each : threads.invokeAll(work)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }

        int entries = writers * batches * 10;
        assertThat(all(index)).hasSize(entries);
        assertThat(index.totals()).isEqualTo(new IndexTotals(entries, entries * 4096L));
    }

    /** Ten entries. */
    static List<IndexChange> batch(String name, int batch) {
        return IntStream.range(0, 10)
                .<IndexChange>mapToObj(i -> new IndexChange.Put(entry(name + "/" + batch + "/" + i)))
                .toList();
    }

    @Test
    void anInterruptedThreadIsServedAndStaysInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        try {
            index.apply(puts(entry("a")));
            index.completeAt(NOW);
            assertThat(keys(index.victims(EvictionOrder.READ, 1))).containsExactly("a");
            reopen();
            assertThat(keys(all(index))).containsExactly("a");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        index.apply(puts(entry("b")));
        assertThat(all(index)).hasSize(2);
    }

    // Anything, in any order

    @Test
    void doesWhatAModelDoes() throws IOException {
        long seed = System.nanoTime();
        IndexModel model = new IndexModel(seed);
        for (int step = 0; step < 120; step++) {
            index.apply(model.changes());
            if (model.happensOnceIn(20)) {
                reopen();
            }
            if (model.happensOnceIn(4)) {
                model.compare(index, "seed " + seed + ", step " + step);
            }
        }
        model.compare(index, "seed " + seed + ", at the end");
    }
}
