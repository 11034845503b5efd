// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.monolithcache.store.Store.Selection;
import io.monolithcache.store.index.EntryHash;
import io.monolithcache.store.index.EntryIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store promises, with whichever index. */
abstract class StoreContract {

    static final int BLOCK = 4_096;

    @TempDir
    Path folder;

    final TestClock clock = new TestClock();
    private final List<Store> opened = new ArrayList<>();
    Store store;

    abstract EntryIndex.Format index();

    @BeforeEach
    void openStore() {
        store = open(StoreLimits.NONE);
    }

    @AfterEach
    void closeStores() {
        opened.forEach(Store::close);
    }

    Path root() {
        return folder.resolve("store");
    }

    StoreBuilder builder() {
        return Store.in(root()).index(index()).clock(clock);
    }

    Store open(StoreLimits limits) {
        return open(builder().limits(limits));
    }

    Store open(StoreBuilder builder) {
        Store another = builder.open();
        opened.add(another);
        return another;
    }

    Store reopen(StoreBuilder builder) {
        store.close();
        store = open(builder);
        return store;
    }

    static Content text(String text) {
        return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static Optional<String> read(Store store, String key) {
        return store.find(key).map(found -> {
            try (Entry entry = found) {
                return new String(entry.bytes(), StandardCharsets.UTF_8);
            }
        });
    }

    Path file(String key) {
        String hash = EntryHash.ofKey(key).toString();
        return root().resolve("content").resolve(hash.substring(0, 2)).resolve(hash + ".v");
    }

    @Test
    void whatWasStoredIsFound() throws IOException {
        store.put("key", text("value"), Set.of("a tag", "another"));

        try (Entry found = store.find("key").orElseThrow()) {
            assertThat(found.key()).isEqualTo("key");
            assertThat(found.bytes()).asString().isEqualTo("value");
            assertThat(found.open()).hasContent("value");
            assertThat(found.length()).isEqualTo(5);
            assertThat(found.tags()).containsExactlyInAnyOrder("a tag", "another");
            assertThat(found.createdAt()).isEqualTo(clock.instant());
        }
        assertThat(store.find("other")).isEmpty();
        assertThat(store.contains("key")).isTrue();
        assertThat(store.contains("other")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_095, 4_096, 4_097, 131_072, 1_048_575, 1_048_576, 1_048_577, 5_000_000})
    void contentOfAnyLengthIsWhatItWas(int length) throws IOException {
        byte[] content = random(length);
        store.put("bytes", Content.of(content), Set.of("tagged"));
        store.put("stream", () -> new ByteArrayInputStream(content));

        for (String key : List.of("bytes", "stream")) {
            try (Entry found = store.find(key).orElseThrow()) {
                assertThat(found.length()).isEqualTo(length);
                assertThat(found.bytes()).isEqualTo(content);
                assertThat(found.open()).hasBinaryContent(content);
                try (InputStream in = found.open()) {
                    in.skipNBytes(length / 2);
                    assertThat(in.readAllBytes()).hasSize(length - length / 2);
                    assertThat(in.read()).isNegative();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../../etc/passwd",
                "a/b\\c",
                "\0",
                "con",
                "é😀",
                "'; drop table entry; --",
                "%_*?",
                "\n"
            })
    void anyTextIsAKey(String key) {
        store.put(key, text("of " + key));

        assertThat(read(store, key)).contains("of " + key);
        assertThat(store.entries()).extracting(EntryDescription::key).containsExactly(key);
    }

    @Test
    void aKeyIsText() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.put("a\uD83D", text("value")))
                .withMessageContaining("surrogate");
    }

    @Test
    void aKeyMayBeVeryLong() {
        String key = "k".repeat(100_000);
        store.put(key, text("value"));

        assertThat(read(store, key)).contains("value");
        assertThat(read(store, key + "k")).isEmpty();
        assertThat(store.entries()).extracting(EntryDescription::key).containsExactly(key);
    }

    @Test
    void aValueReplacesTheOneBefore() {
        store.put("key", text("one"), Set.of("one"));
        store.put("key", text("two"), Set.of("two"));

        assertThat(read(store, "key")).contains("two");
        assertThat(store.status().entries()).isEqualTo(1);
        assertThat(store.status().bytes()).isEqualTo(BLOCK);
        assertThat(store.entries()).extracting(EntryDescription::tags).containsExactly(Set.of("two"));
    }

    @Test
    void anOpenEntryStaysWhatItWas() throws IOException {
        byte[] content = random(3_000_000);
        store.put("key", Content.of(content));
        try (Entry found = store.find("key").orElseThrow()) {
            store.put("key", text("another"));
            store.remove("key");

            assertThat(found.open()).hasBinaryContent(content);
        }
    }

    @Test
    void whatIsRemovedIsGone() {
        store.put("key", text("value"));

        assertThat(store.remove("key")).isTrue();

        assertThat(store.find("key")).isEmpty();
        assertThat(store.remove("key")).isFalse();
        assertThat(store.status().bytes()).isZero();
        assertThat(store.status().entries()).isZero();
        assertThat(store.entries()).isEmpty();
    }

    @Test
    void entriesSurviveTheEndOfTheStore() {
        store.put("key", text("value"), Set.of("tag"));
        store.lock("key");
        read(store, "key");

        reopen(builder());

        assertThat(read(store, "key")).contains("value");
        assertThat(store.status().entries()).isEqualTo(1);
        assertThat(store.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.tags()).containsExactly("tag");
            assertThat(entry.locked()).isTrue();
            assertThat(entry.hits()).isEqualTo(2);
        });
    }

    @Test
    void aClosedStoreSaysSo() {
        store.put("key", text("value"));
        store.close();
        store.close();

        assertThatIllegalStateException().isThrownBy(() -> store.find("key")).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> store.put("key", text("value")));
        assertThatIllegalStateException().isThrownBy(() -> store.status());
    }

    @Test
    void theNumberOfEntriesIsLimited() {
        reopen(builder().limits(StoreLimits.NONE.withEntries(3)));
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(1));
            store.put("key" + i, text("value"));
            assertThat(store.status().entries()).isLessThanOrEqualTo(3);
        }

        assertThat(store.entries()).extracting(EntryDescription::key).containsExactlyInAnyOrder("key7", "key8", "key9");
        assertThat(store.status().evictions()).containsEntry(EvictionCause.ENTRIES, 7L);
    }

    @Test
    void theSizeIsLimitedInWholeBlocks() {
        reopen(builder().limits(StoreLimits.NONE.withSize(10 * BLOCK)));
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(1));
            store.put("key" + i, Content.of(random(BLOCK)));
            assertThat(store.status().bytes()).isLessThanOrEqualTo(10 * BLOCK);
        }

        // the trailer needs a second block
        assertThat(store.status().entries()).isEqualTo(5);
        assertThat(store.status().evictions()).containsEntry(EvictionCause.SIZE, 5L);
    }

    @Test
    void whatCanNeverFitIsRefusedBeforeAnythingIsEvicted() {
        reopen(builder().limits(StoreLimits.NONE.withSize(10 * BLOCK)));
        store.put("key", text("value"));

        assertThatExceptionOfType(EntryTooLargeException.class)
                .isThrownBy(() -> store.put("large", Content.of(random(10 * BLOCK))))
                .withMessageContaining("'large'")
                .satisfies(refused -> {
                    assertThat(refused.size()).isEqualTo(11 * BLOCK);
                    assertThat(refused.limit()).isEqualTo(10 * BLOCK);
                });
        assertThatExceptionOfType(EntryTooLargeException.class)
                .isThrownBy(() -> store.put("large", () -> new ByteArrayInputStream(random(1_000_000))));
        assertThat(read(store, "key")).contains("value");
        assertThat(store.status().bytes()).isEqualTo(BLOCK);
        assertThat(writing()).isEmpty();
    }

    private List<Path> writing() {
        try (Stream<Path> files = Files.walk(root().resolve(".monolith/writing"))) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    @Test
    void aLockedEntryIsNeverEvicted() {
        reopen(builder().limits(StoreLimits.NONE.withEntries(2).withAge(Duration.ofHours(1))));
        store.put("locked", text("value"));
        assertThat(store.lock("locked")).isTrue();
        assertThat(store.lock("other")).isFalse();
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofHours(1));
            assertThat(store.put("key" + i, text("value"))).isTrue();
        }

        assertThat(read(store, "locked")).contains("value");
        assertThat(store.evict(Selection.ALL, false).kept()).isEqualTo(1);
        assertThat(store.entries()).extracting(EntryDescription::key).containsExactly("locked");
        store.unlock("locked");
        assertThat(store.evict(Selection.ALL, false).entries()).isEqualTo(1);
    }

    @Test
    void aStoreFullOfLockedEntriesTakesNoMoreAndLosesNothing() {
        reopen(builder().limits(StoreLimits.NONE.withEntries(2)));
        for (String key : List.of("one", "two")) {
            store.put(key, text(key));
            store.lock(key);
        }

        assertThat(store.put("three", text("three"))).isFalse();

        assertThat(store.find("three")).isEmpty();
        assertThat(read(store, "one")).contains("one");
        assertThat(read(store, "two")).contains("two");
        assertThat(store.status().rejected()).isEqualTo(1);
        assertThat(store.status().entries()).isEqualTo(2);
    }

    @Test
    void whatIsTooOldIsNotFoundAndGoes() {
        reopen(builder().limits(StoreLimits.NONE.withAge(Duration.ofMinutes(10))));
        store.put("old", text("value"));
        store.put("older", text("value"));
        clock.advance(Duration.ofMinutes(10));
        store.put("new", text("value"));
        assertThat(store.find("old")).isPresent();
        clock.advance(Duration.ofMillis(1));

        assertThat(store.find("old")).isEmpty();
        assertThat(store.status().entries()).isEqualTo(2);
        assertThat(store.sweep().entries()).isEqualTo(1);
        assertThat(store.entries()).extracting(EntryDescription::key).containsExactly("new");
        assertThat(store.status().evictions()).containsEntry(EvictionCause.AGE, 2L);
    }

    @Test
    void whatIsNotReadForTooLongGoes() {
        reopen(builder().limits(StoreLimits.NONE.withIdle(Duration.ofMinutes(10))));
        store.put("unread", text("value"));
        store.put("read", text("value"));
        clock.advance(Duration.ofMinutes(6));
        read(store, "read");
        clock.advance(Duration.ofMinutes(6));

        EvictionReport swept = store.sweep();

        assertThat(swept.first()).extracting(EntryDescription::key).containsExactly("unread");
        assertThat(store.status().evictions()).containsEntry(EvictionCause.IDLE, 1L);
    }

    @Test
    void entriesAreEvictedByTagByPrefixAndByHash() {
        store.put("a/1", text("1"), Set.of("x"));
        store.put("a/2", text("2"), Set.of("x", "y"));
        store.put("b/1", text("3"), Set.of("y"));
        store.put("b/%", text("4"));

        EvictionReport dry = store.evict(Selection.tag("x"), true);
        assertThat(dry.entries()).isEqualTo(2);
        assertThat(dry.bytes()).isEqualTo(2 * BLOCK);
        assertThat(dry.isDryRun()).isTrue();
        assertThat(store.status().entries()).isEqualTo(4);
        assertThat(store.evict(Selection.tag("x"), false).entries()).isEqualTo(2);
        assertThat(store.evict(Selection.prefix("b/%"), false).entries()).isEqualTo(1);
        assertThat(store.evict(Selection.prefix("c"), false).entries()).isZero();
        assertThat(store.evict(Selection.hash(EntryHash.ofKey("b/1").toString()), false)
                        .entries())
                .isEqualTo(1);
        assertThat(store.status().entries()).isZero();
    }

    @Test
    void aDryRunTellsWhatWouldGoForAnother() {
        reopen(builder().limits(StoreLimits.NONE.withSize(4 * BLOCK)));
        for (int i = 0; i < 4; i++) {
            clock.advance(Duration.ofSeconds(1));
            store.put("key" + i, text("value"));
        }
        store.lock("key1");

        EvictionReport would = store.wouldEvict(2 * BLOCK);

        assertThat(would.first()).extracting(EntryDescription::key).containsExactly("key0", "key2");
        assertThat(would.kept()).isZero();
        assertThat(store.status().entries()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(EvictionPolicy.class)
    void aPolicyDecidesWhatGoes(EvictionPolicy policy) {
        reopen(builder().limits(StoreLimits.NONE.withEntries(3)).eviction(policy));
        for (String key : List.of("first", "often", "last")) {
            clock.advance(Duration.ofSeconds(1));
            store.put(key, text(key));
        }
        for (String key : List.of("often", "often", "often", "first", "last")) {
            clock.advance(Duration.ofSeconds(1));
            read(store, key);
        }
        clock.advance(Duration.ofSeconds(1));
        store.put("new", text("new"));

        String gone = switch (policy) {
            case LRU, TINY_LFU -> "often";
            case FIFO, LFU -> "first";
        };
        assertThat(store.contains(gone)).as("%s is gone", gone).isFalse();
        assertThat(store.contains("new")).isTrue();
        assertThat(store.status().entries()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 12, 20, 40})
    void aFlippedBitIsNeverServed(int place) throws IOException {
        byte[] content = random(10);
        store.put("key", Content.of(content));
        byte[] file = Files.readAllBytes(file("key"));
        file[place] ^= 4;
        Files.write(file("key"), file);

        assertThat(store.find("key")).isEmpty();

        assertThat(file("key")).doesNotExist();
        assertThat(store.status().evictions()).containsEntry(EvictionCause.CORRUPT, 1L);
        assertThat(store.status().entries()).isZero();
    }

    @Test
    void aFileThatIsShorterOrLongerIsNeverServed() throws IOException {
        for (int change : List.of(-1, 1, -30, -1_000)) {
            store.put("key", Content.of(random(500)));
            byte[] file = Files.readAllBytes(file("key"));
            Files.write(file("key"), java.util.Arrays.copyOf(file, Math.max(0, file.length + change)));

            assertThat(store.find("key")).as("with %s bytes more", change).isEmpty();
        }
        assertThat(store.status().entries()).isZero();
    }

    @Test
    void theFileOfAnotherKeyIsNeverServed() throws IOException {
        store.put("one", text("1"));
        store.put("two", text("2"));
        Files.copy(file("one"), file("two"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(store.find("two")).isEmpty();
        assertThat(read(store, "one")).contains("1");
    }

    @Test
    void whatWasVerifiedOnceIsNotVerifiedAgainUnlessAlways() throws IOException {
        store.put("key", text("value"));
        read(store, "key");
        byte[] file = Files.readAllBytes(file("key"));
        file[0] ^= 4;
        Files.write(file("key"), file);

        assertThat(store.find("key")).isPresent();
        reopen(builder().verification(Verification.NEVER));
        assertThat(store.find("key")).isPresent();
        reopen(builder().verification(Verification.ALWAYS));
        assertThat(store.find("key")).isEmpty();
    }

    @Test
    void filesOfOthersAreLeftAlone() throws IOException {
        store.put("key", text("value"));
        Path foreign = Files.writeString(root().resolve("content/3f/README.txt"), "mine");
        Path odd = Files.createDirectory(root().resolve("content/00/folder"));

        reopen(builder());
        store.sweep();
        store.evict(Selection.ALL, false);

        assertThat(foreign).hasContent("mine");
        assertThat(odd).isDirectory();
        assertThat(store.status().entries()).isZero();
    }

    @Test
    void whatIsMissingIsLoadedOnce() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        Loader loader = key -> text(key + loads.incrementAndGet());

        for (int i = 0; i < 3; i++) {
            try (Entry loaded = store.getOrLoad("key", loader, Set.of("tag"))) {
                assertThat(loaded.bytes()).asString().isEqualTo("key1");
                assertThat(loaded.tags()).containsExactly("tag");
            }
        }
        assertThat(store.status().loads()).isEqualTo(1);
        assertThat(store.status().hits()).isEqualTo(2);
        assertThat(store.status().misses()).isEqualTo(1);
    }

    @Test
    void aStreamIsLoadedToo() throws Exception {
        byte[] content = random(2_000_000);

        try (Entry loaded = store.getOrLoad("key", key -> () -> new ByteArrayInputStream(content))) {
            assertThat(loaded.open()).hasBinaryContent(content);
        }
        assertThat(store.contains("key")).isTrue();
    }

    @Test
    void whatDoesNotFitIsServedAndNotStored() throws Exception {
        reopen(builder().limits(StoreLimits.NONE.withSize(2 * BLOCK)));
        byte[] content = random(100_000);

        for (Content each : List.of(Content.of(content), (Content) () -> new ByteArrayInputStream(content))) {
            try (Entry loaded = store.getOrLoad("key", key -> each)) {
                assertThat(loaded.bytes()).isEqualTo(content);
                assertThat(loaded.length()).isEqualTo(content.length);
                assertThat(loaded.open()).hasBinaryContent(content);
            }
        }
        assertThat(store.contains("key")).isFalse();
        assertThat(store.status().rejected()).isEqualTo(2);
    }

    @Test
    void theFailureOfALoaderIsTheCallersAndNothingIsStored() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> store.getOrLoad("key", key -> {
                    throw new IOException("no origin");
                }))
                .withMessage("no origin");
        assertThat(store.contains("key")).isFalse();
    }

    @Test
    void aLoaderThatAsksForItsOwnKeyIsToldSo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> store.getOrLoad("key", key -> {
                    store.getOrLoad("key", again -> text("again")).close();
                    return text("value");
                }))
                .withMessageContaining("this very entry");
    }

    @Test
    void listenersHearAndMayFail() {
        List<String> heard = new ArrayList<>();
        reopen(builder()
                .listener(new StoreListener() {
                    @Override
                    public void stored(String hash, long length) {
                        heard.add("stored " + length);
                        throw new IllegalStateException("a listener that fails");
                    }

                    @Override
                    public void removed(String hash, EvictionCause cause) {
                        heard.add("removed " + cause);
                    }
                })
                .limits(StoreLimits.NONE.withEntries(1)));

        store.put("one", text("1"));
        clock.advance(Duration.ofSeconds(1));
        store.put("two", text("22"));
        store.remove("two");

        assertThat(heard).containsExactly("stored 1", "removed ENTRIES", "stored 2", "removed REQUEST");
    }

    @Test
    void entriesAreListedPageByPage() {
        for (int i = 0; i < 1_100; i++) {
            store.put("key" + i, text("value"));
        }

        List<EntryDescription> all = store.entries().toList();

        assertThat(all).hasSize(1_100).extracting(EntryDescription::hash).isSorted();
        assertThat(store.entriesAfter(all.get(600).hash())).hasSize(499);
        assertThat(store.describe(all.get(7).hash())).contains(all.get(7));
        assertThat(store.describe("0".repeat(64))).isEmpty();
    }

    @Test
    void aMemoryTierServesWhatHolds() {
        reopen(builder().memory(1_000_000));
        Store other = index().isShared() ? open(builder()) : store;
        store.put("key", text("one"));
        assertThat(read(store, "key")).contains("one");
        assertThat(read(store, "key")).contains("one");

        other.put("key", text("two"));
        assertThat(read(store, "key")).contains("two");
        other.remove("key");
        assertThat(read(store, "key")).isEmpty();
    }

    @Test
    void bytesOfTheMemoryTierCannotBeChangedByACaller() {
        reopen(builder().memory(1_000_000));
        store.put("key", text("one"));
        store.find("key").orElseThrow().bytes()[0] = 'X';
        store.find("key").orElseThrow().bytes()[0] = 'X';

        assertThat(read(store, "key")).contains("one");
    }

    @Test
    void theSameContentIsKeptOnce() throws IOException {
        Path source = Files.writeString(folder.resolve("source"), "content");

        ContentFiles.Added first = store.files().add(source, LinkMode.COPY);
        ContentFiles.Added second =
                store.files().add(new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8)));

        assertThat(first.isNew()).isTrue();
        assertThat(second).isEqualTo(new ContentFiles.Added(first.hash(), 7, false));
        assertThat(store.files().path(first.hash()).orElseThrow())
                .hasContent("content")
                .isReadable();
        assertThat(Files.getPosixFilePermissions(
                        store.files().path(first.hash()).orElseThrow()))
                .isEqualTo(PosixFilePermissions.fromString("r--r--r--"));
        assertThat(store.status().entries()).isEqualTo(1);
        assertThat(store.entries())
                .extracting(EntryDescription::key)
                .containsExactly("sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
    }

    @ParameterizedTest
    @EnumSource(LinkMode.class)
    void aFileIsCopiedLinkedOrMoved(LinkMode mode) throws IOException {
        Path source = Files.write(folder.resolve("source"), random(9_000_000));

        ContentFiles.Added added = store.files().add(source, mode);

        Path stored = store.files().path(added.hash()).orElseThrow();
        assertThat(stored).hasBinaryContent(random(9_000_000));
        assertThat(Files.exists(source)).isEqualTo(mode != LinkMode.MOVE);
        if (mode == LinkMode.HARD_LINK) {
            assertThat(Files.getAttribute(stored, "unix:nlink")).isEqualTo(2);
        }
        assertThat(store.status().bytes()).isEqualTo(2198L * BLOCK);
        assertThat(writing()).isEmpty();
    }

    @Test
    void anOpenFileIsNotEvicted() throws IOException {
        reopen(builder().limits(StoreLimits.NONE.withEntries(1)));
        ContentFiles.Added added = store.files().add(new ByteArrayInputStream(random(10)));
        try (StoredFile open = store.files().open(added.hash()).orElseThrow()) {
            assertThat(store.put("key", text("value"))).isFalse();
            assertThat(open.path()).hasBinaryContent(random(10));
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.files().remove(added.hash()))
                    .withMessageContaining("open");
        }
        assertThat(store.put("key", text("value"))).isTrue();
        assertThat(store.files().open(added.hash())).isEmpty();
        assertThat(store.files().contains(added.hash())).isFalse();
    }

    @Test
    void aFileWhoseContentIsNotItsNameIsNeverHandedOut() throws IOException {
        ContentFiles.Added added = store.files().add(new ByteArrayInputStream(random(10)));
        Path stored = root().resolve("content")
                .resolve(added.hash().toString().substring(0, 2))
                .resolve(added.hash().toString());
        Files.delete(stored);
        Files.write(stored, random(11));

        assertThat(store.files().open(added.hash())).isEmpty();
        assertThat(stored).doesNotExist();
        Files.createSymbolicLink(stored, folder.resolve("elsewhere"));
        Files.write(folder.resolve("elsewhere"), random(10));
        assertThat(store.files().path(added.hash())).isEmpty();
        assertThat(folder.resolve("elsewhere")).hasBinaryContent(random(10));
    }

    @Test
    void whatAnArchiveBringsIsVerified() throws IOException {
        byte[] content = random(5_000);
        EntryHash hash = EntryHash.of(EntryHash.sha256().digest(content));
        ContentFiles files = store.files();

        assertThat(files.add(hash, (target, room) -> false)).isFalse();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> files.add(hash, (target, room) -> {
                    room.claim(10);
                    Files.write(target, random(10));
                    return true;
                }));
        assertThat(files.contains(hash)).isFalse();
        assertThat(files.add(hash, (target, room) -> {
                    room.claim(content.length);
                    Files.write(target, content);
                    return true;
                }))
                .isTrue();
        assertThat(files.path(hash).orElseThrow()).hasBinaryContent(content);
        assertThat(store.status().bytes()).isEqualTo(2 * BLOCK);
        assertThat(writing()).isEmpty();
    }

    @Test
    void aFileOfNoBytesIsAFile() {
        ContentFiles.Added added = store.files().add(InputStream.nullInputStream());

        assertThat(store.files().open(added.hash())).hasValueSatisfying(file -> {
            assertThat(file.path()).isEmptyFile();
            file.close();
        });
        assertThat(store.status().entries()).isEqualTo(1);
        assertThat(store.files().remove(added.hash())).isTrue();
    }

    @Test
    void thereIsAlwaysACreationTime() {
        Instant before = clock.instant();
        store.put("key", text("value"));
        clock.advance(Duration.ofDays(1));

        assertThat(store.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.createdAt()).isEqualTo(before);
            assertThat(entry.accessedAt()).isEqualTo(before);
        });
    }
}
