// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.monolithcache.directory.DirectoryStorage.Look;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.WritableResource;

/** What every {@link DirectoryStorage} does, wherever its bytes are. Each test works in a place of its own. */
public abstract class DirectoryStorageContract {

    private static final int THREADS = 4;

    @TempDir
    Path outside;

    private DirectoryStorage storage;

    /**
     * A storage over the place of this test, in which the owner of that name has begun to work. Called before
     * {@code @BeforeEach} methods of subclasses. Another call gives the view of another process on the same place.
     */
    protected abstract DirectoryStorage open(String owner);

    /** The names of everything that is stored in the place of this test, of whatever kind. */
    protected abstract List<String> everything() throws IOException;

    /** What a careless user might do: replaces the text that {@code metadata} reads, or removes it (null). */
    protected abstract void damageMetadata(CacheId id, @Nullable String text) throws IOException;

    /** Whether directories of this storage are paths. */
    protected boolean hasPaths() {
        return true;
    }

    /**
     * Whether a file can have this name here; for machines that cannot write it down, not for a storage's own limits.
     */
    protected boolean canBeNamed(String name) {
        return true;
    }

    /**
     * Whether a cache is still there when its metadata were removed; where they lie in no file, they make the cache.
     */
    protected boolean outlivesItsMetadata() {
        return true;
    }

    /** Whether a file that came and went has changed something; where there are no folders nothing is left of it. */
    protected boolean remembersDeletions() {
        return true;
    }

    /** How much is written until something of a file that is not finished is stored somewhere. */
    protected int bytesUntilSomethingIsUnderWay() {
        return 1;
    }

    /** How many changes each thread makes in the test of concurrent changes; fewer where each takes long. */
    protected int changesPerThread() {
        return 25;
    }

    @BeforeEach
    final void openStorage() {
        storage = open("this-owner");
    }

    @AfterEach
    final void closeStorage() {
        storage.close();
    }

    protected final DirectoryStorage storage() {
        return storage;
    }

    protected final CacheId publish() {
        return publish(Map.of());
    }

    protected final CacheId publish(Map<String, Object> metadata) {
        CacheId id = CacheId.random(Instant.now());
        storage.publish(storage.prepare(), id, metadata);
        return id;
    }

    protected final void write(CacheId id, String name, String text) throws IOException {
        try (OutputStream out = resource(id, name).getOutputStream()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    protected final String read(CacheId id, String name) throws IOException {
        return resource(id, name).getContentAsString(StandardCharsets.UTF_8);
    }

    protected final WritableResource resource(CacheId id, String name) {
        return storage.resource(id, new RelativeName(name), DirectoryStorageContract::stillOpen);
    }

    protected final boolean exists(CacheId id, String name) {
        return storage.exists(id, new RelativeName(name));
    }

    private static void stillOpen() {
        // the handle is open as long as the test runs
    }

    private List<String> names(CacheId id) {
        try (Stream<String> names = storage.resources(id)) {
            return names.toList();
        }
    }

    private List<CacheId> list() {
        try (Stream<CacheId> ids = storage.list()) {
            return ids.toList();
        }
    }

    // Places

    @Test
    void theLocationLeadsBackToTheId() {
        CacheId id = publish();

        assertThat(storage.idOf(storage.location(id))).isEqualTo(id);
    }

    @Test
    void theLocationWithoutTheSlashAtItsEndLeadsBackToo() {
        CacheId id = publish();
        String location = storage.location(id).toString();

        assertThat(location).endsWith("/" + id + "/");
        assertThat(storage.idOf(URI.create(location.substring(0, location.length() - 1))))
                .isEqualTo(id);
    }

    @Test
    void locationsElsewhereAreRefused() {
        CacheId id = publish();
        String location = storage.location(id).toString();
        String parent = location.substring(0, location.length() - id.value().length() - 1);

        for (String elsewhere : List.of(
                parent,
                location + "file.txt",
                parent + "no-id/",
                parent + "deeper/" + id + "/",
                parent + "../" + id + "/",
                parent + id.value().toUpperCase(java.util.Locale.ROOT) + "/",
                "gopher://example.org/" + id + "/",
                "relative/" + id + "/",
                id.value())) {
            assertThatIllegalArgumentException().as(elsewhere).isThrownBy(() -> storage.idOf(URI.create(elsewhere)));
        }
    }

    @Test
    void theNameOfTheStorageIsAWord() {
        assertThat(storage.name()).matches("[a-z0-9]+");
    }

    @Test
    void thePathShowsTheFilesOrIsRefused() throws IOException {
        CacheId id = publish();
        write(id, "a.txt", "text");

        if (hasPaths()) {
            assertThat(storage.path(id).resolve("a.txt")).hasContent("text");
        } else {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> storage.path(id))
                    .withMessageContaining("resource")
                    .withMessageContaining("download");
        }
    }

    // Appearing and vanishing

    @Test
    void whatIsPreparedIsNotSeen() {
        String first = storage.prepare();
        String second = storage.prepare();

        assertThat(first).isNotEqualTo(second);
        assertThat(list()).isEmpty();
    }

    @Test
    void publishingMakesItVisibleWithItsMetadata() {
        CacheId id = publish(Map.of("colour", "green"));

        assertThat(storage.look(id)).isEqualTo(Look.FREE);
        assertThat(storage.metadata(id)).isEqualTo(Map.of("colour", "green"));
        assertThat(names(id)).isEmpty();
    }

    @Test
    void whatIsPublishedIsSeenByOthers() throws IOException {
        CacheId id = publish(Map.of("colour", "green"));
        write(id, "a.txt", "text");

        try (DirectoryStorage other = open("other-owner")) {
            assertThat(other.look(id)).isEqualTo(Look.FREE);
            assertThat(other.metadata(id)).isEqualTo(Map.of("colour", "green"));
            assertThat(other.exists(id, new RelativeName("a.txt"))).isTrue();
        }
    }

    @Test
    void publishingRefusesMetadataThatAreNotJsonAndLeavesNothing() throws IOException {
        CacheId id = CacheId.random(Instant.now());
        List<String> before = everything();
        String prepared = storage.prepare();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> storage.publish(prepared, id, Map.of("thread", Thread.currentThread())))
                .withMessageContaining("java.lang.Thread");

        assertThat(storage.look(id)).isEqualTo(Look.GONE);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whatADeadOwnerPreparedIsRemoved() throws IOException {
        CacheId published = publish();
        List<String> before = everything();
        try (DirectoryStorage dying = open("dying-owner")) {
            dying.prepare();
            dying.prepare();
        }

        storage.removePrepared("dying-owner");

        assertThat(everything()).isEqualTo(before);
        assertThat(storage.look(published)).isEqualTo(Look.FREE);
    }

    @Test
    void removingWhatAnotherPreparedLeavesOurs() {
        String ours = storage.prepare();
        try (DirectoryStorage dying = open("dying-owner")) {
            dying.prepare();
        }
        CacheId id = CacheId.random(Instant.now());

        storage.removePrepared("dying-owner");

        storage.publish(ours, id, Map.of());
        assertThat(storage.look(id)).isEqualTo(Look.FREE);
    }

    @Test
    void removingWhatNobodyPreparedIsFine() throws IOException {
        List<String> before = everything();

        storage.removePrepared("nobody");

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whatNeverWasIsGone() {
        CacheId id = CacheId.random(Instant.now());

        assertThat(storage.look(id)).isEqualTo(Look.GONE);
        assertThat(storage.mark(id, "wiper")).isFalse();
        assertThat(storage.trash(id)).isNull();
    }

    @Test
    void aMarkShowsAndMayBeLeftTwice() {
        CacheId id = publish();

        assertThat(storage.mark(id, "wiper")).isTrue();
        assertThat(storage.mark(id, "wiper")).isTrue();
        assertThat(storage.look(id)).isEqualTo(Look.MARKED);
    }

    @Test
    void aMarkMayBeTakenAwayAgain() {
        CacheId id = publish();
        storage.mark(id, "wiper");

        assertThat(storage.isMarked(id)).isTrue();
        storage.unmark(id);
        storage.unmark(id);

        assertThat(storage.isMarked(id)).isFalse();

        assertThat(storage.look(id)).isEqualTo(Look.FREE);
    }

    @Test
    void aWiperThatGivesUpTakesItsOwnMarkAwayAndNoOther() {
        CacheId id = publish();
        storage.mark(id, "first");
        storage.mark(id, "second");

        storage.unmark(id, "third");
        storage.unmark(id, "first");
        storage.unmark(id, "first");
        assertThat(storage.isMarked(id)).isTrue();
        assertThat(storage.look(id)).isEqualTo(Look.MARKED);

        storage.unmark(id, "second");
        assertThat(storage.isMarked(id)).isFalse();
        assertThat(storage.look(id)).isEqualTo(Look.FREE);
    }

    @Test
    void aHolderTakesTheMarksOfAllWipersAway() {
        CacheId id = publish();
        storage.mark(id, "first");
        storage.mark(id, "second");

        storage.unmark(id);
        assertThat(storage.isMarked(id)).isFalse();

        assertThat(storage.mark(id, "first")).isTrue();
        assertThat(storage.isMarked(id)).isTrue();
    }

    @Test
    void aMarkIsTakenOffWhatIsGoneWithoutAFuss() {
        CacheId id = CacheId.random(Instant.now());

        assertThatNoException().isThrownBy(() -> storage.unmark(id, "wiper"));
        assertThatNoException().isThrownBy(() -> storage.unmark(id));
        assertThat(storage.isMarked(id)).isFalse();
    }

    @Test
    void aLockIsNotedInTheMetadataAndNoLockShortensAnother() {
        CacheId id = publish(Map.of("colour", "green"));
        Instant now = Instant.parse("2026-11-20T12:00:00Z");

        storage.lock(id, now.plusSeconds(60));
        storage.lock(id, now.plusSeconds(30));
        assertThat(storage.look(id, now.plusSeconds(59))).isEqualTo(Look.LOCKED);
        assertThat(storage.look(id, now.plusSeconds(60))).isEqualTo(Look.FREE);
        assertThat(DirectoryStorage.lockEnd(storage.metadata(id))).isEqualTo(now.plusSeconds(60));

        storage.lock(id, null);
        storage.lock(id, now.plusSeconds(60));
        assertThat(storage.look(id, Instant.MAX)).isEqualTo(Look.LOCKED);
        assertThat(DirectoryStorage.lockEnd(storage.metadata(id))).isNull();

        storage.unlock(id);
        assertThat(storage.look(id, now)).isEqualTo(Look.FREE);
        assertThat(storage.metadata(id)).containsEntry("colour", "green");
    }

    @Test
    void whatIsNotThereIsNotLocked() {
        CacheId id = CacheId.random(Instant.now());

        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> storage.lock(id, null));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> storage.unlock(id));
    }

    @Test
    void theRootHasANameAndIsIntact() {
        String root = storage.openRoot();

        assertThat(storage.root()).isEqualTo(root);
        assertThat(storage.openRoot()).isEqualTo(root);
        assertThat(storage.isIntact()).isTrue();
    }

    @Test
    void whatWasFilledIsSeenOnceItIsPublishedAndNotIfItIsDiscarded() {
        CacheId published = CacheId.random(Instant.now());
        CacheId discarded = CacheId.random(Instant.now());
        String first = storage.prepare();
        String second = storage.prepare();
        storage.fill(first, published, Map.of("colour", "green"));
        storage.fill(second, discarded, Map.of());
        assertThat(storage.isThere(published)).isFalse();

        storage.publish(first, published);
        storage.discard(second);
        storage.discard(second);

        assertThat(storage.isThere(published)).isTrue();
        assertThat(storage.metadata(published)).containsEntry("colour", "green");
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> storage.publish(second, discarded));
        assertThat(storage.isThere(discarded)).isFalse();
    }

    @Test
    void aMarkIsNoFileOfTheUser() {
        CacheId id = publish();

        storage.mark(id, "wiper");

        assertThat(names(id)).isEmpty();
        assertThat(storage.usage(id)).isEqualTo(new CacheUsage(0, 0));
    }

    @Test
    void aMarkDoesNotHideALock() {
        CacheId id = publish(Map.of("locked", true));

        storage.mark(id, "wiper");

        assertThat(storage.look(id)).isEqualTo(Look.MARKED_AND_LOCKED);
    }

    @Test
    void metadataThatSayLockedShow() {
        CacheId id = publish();

        storage.updateMetadata(id, old -> Map.of("locked", true));
        assertThat(storage.look(id)).isEqualTo(Look.LOCKED);

        storage.updateMetadata(id, old -> Map.of("locked", false));
        assertThat(storage.look(id)).isEqualTo(Look.FREE);
    }

    @Test
    void trashingMakesItVanishAtOnceAndDeletingLeavesNothing() throws IOException {
        List<String> before = everything();
        CacheId id = publish(Map.of("colour", "green"));
        write(id, "a/b/c.txt", "text");

        DirectoryStorage.Trash trash = storage.trash(id);

        assertThat(trash).isNotNull();
        assertThat(storage.look(id)).isEqualTo(Look.GONE);
        assertThat(list()).doesNotContain(id);
        assertThat(exists(id, "a/b/c.txt")).isFalse();

        trash.delete();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whatWasTrashedIsNotThereToBeTrashedAgain() {
        CacheId id = publish();
        storage.trash(id);

        assertThat(storage.trash(id)).isNull();
    }

    @Test
    void trashMayBeDeletedAgain() throws IOException {
        List<String> before = everything();
        DirectoryStorage.Trash trash = storage.trash(publish());

        trash.delete();
        trash.delete();

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void purgingDeletesTheTrashOfOthers() throws IOException {
        List<String> before = everything();
        CacheId kept = publish();
        CacheId id = publish();
        write(id, "a/b/c.txt", "text");
        storage.trash(id);

        try (DirectoryStorage other = open("other-owner")) {
            other.purge();
            other.removePrepared("other-owner");
        }

        assertThat(everything()).filteredOn(name -> name.contains(id.value())).isEmpty();
        assertThat(storage.look(kept)).isEqualTo(Look.FREE);
        storage.trash(kept).delete();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void purgingAnEmptyTrashDoesNothing() {
        assertThat(storage.purge()).isZero();
    }

    @Test
    void allDirectoriesAreListed() {
        List<CacheId> published = List.of(publish(), publish(), publish());

        assertThat(list()).containsExactlyInAnyOrderElementsOf(published);
    }

    // Metadata

    @Test
    void metadataKeepTheirValues() {
        Map<String, Object> nested = new HashMap<>();
        nested.put("nothing", null);
        nested.put("list", List.of(1, "two", false));
        Map<String, Object> metadata =
                Map.of("text", "ä \"\\\n \u0000 😀", "long", Long.MAX_VALUE, "half", 0.5, "nested", nested);
        CacheId id = publish(metadata);

        assertThat(storage.metadata(id)).isEqualTo(metadata);
    }

    @Test
    void aChangeSeesWhatIsThereAndReplacesIt() {
        CacheId id = publish(Map.of("colour", "green", "size", 1));
        List<Map<String, Object>> seen = new ArrayList<>();

        storage.updateMetadata(id, old -> {
            seen.add(old);
            return Map.of("colour", "red");
        });

        assertThat(seen).last().isEqualTo(Map.of("colour", "green", "size", 1));
        assertThat(storage.metadata(id)).isEqualTo(Map.of("colour", "red"));
    }

    @Test
    void concurrentChangesLoseNothing() throws Exception {
        CacheId id = publish(Map.of("count", 0));

        try (DirectoryStorage other = open("other-owner")) {
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try {
                List<Future<?>> running = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    DirectoryStorage mine = thread % 2 == 0 ? storage : other;
                    running.add(threads.submit(() -> {
                        for (int change = 0; change < changesPerThread(); change++) {
                            mine.updateMetadata(id, old -> Map.of("count", (int) old.get("count") + 1));
                        }
                    }));
                }
                awaitAll(running);
            } finally {
                threads.shutdownNow();
            }
        }

        assertThat(storage.metadata(id)).isEqualTo(Map.of("count", THREADS * changesPerThread()));
    }

    private static void awaitAll(List<Future<?>> running) throws InterruptedException, ExecutionException {
        for (Future<?> each : running) {
            each.get();
        }
    }

    @Test
    void aChangeThatFailsChangesNothing() throws IOException {
        CacheId id = publish(Map.of("colour", "green"));
        List<String> before = everything();

        assertThatIllegalStateException()
                .isThrownBy(() -> storage.updateMetadata(id, old -> {
                    throw new IllegalStateException("no");
                }));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> storage.updateMetadata(id, old -> Map.of("thread", Thread.currentThread())));

        assertThat(storage.metadata(id)).isEqualTo(Map.of("colour", "green"));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void anInterruptDoesNotBreakLaterChanges() {
        CacheId id = publish();

        Thread.currentThread().interrupt();
        try {
            storage.updateMetadata(id, old -> Map.of("first", 1));
        } catch (CacheBackendException interrupted) {
            // may fail or not
        } finally {
            Thread.interrupted();
        }

        storage.updateMetadata(id, old -> Map.of("second", 2));
        assertThat(storage.metadata(id)).isEqualTo(Map.of("second", 2));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "{", "[1]", "null", "{\"a\":1} trailing", "\u0000\u0001", "no JSON at all"})
    void metadataThatWereDestroyedReadAsEmptyAndAreMadeWholeByTheNextChange(@Nullable String damage)
            throws IOException {
        assumeTrue(damage != null || outlivesItsMetadata(), "without its metadata a cache is none here");
        CacheId id = publish(Map.of("colour", "green"));
        write(id, "a.txt", "text");

        damageMetadata(id, damage);

        try (LogWatch log = new LogWatch()) {
            assertThat(storage.metadata(id)).isEmpty();
            assertThat(log.warnings()).singleElement().asString().contains(id.value());
            assertThat(storage.look(id)).isEqualTo(Look.FREE);
            storage.updateMetadata(id, old -> Map.of("size", 1));
        }
        assertThat(storage.metadata(id)).isEqualTo(Map.of("size", 1));
    }

    @Test
    void whatIsGoneIsNotFound() {
        CacheId id = publish();
        storage.trash(id);

        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> storage.metadata(id))
                .withMessageContaining(id.value());
        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> storage.updateMetadata(id, old -> Map.of()));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> storage.usage(id));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> names(id));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> storage.changes(id));
        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> storage.upload(
                        id, source("text"), new RelativeName("a.txt"), DirectoryStorageContract::stillOpen));
        assertThat(storage.look(id)).isEqualTo(Look.GONE);
    }

    // Files

    @Test
    void whatIsWrittenAppearsWholeWhenTheStreamCloses() throws IOException {
        CacheId id = publish();

        try (OutputStream out = resource(id, "a.txt").getOutputStream()) {
            out.write("first ".getBytes(StandardCharsets.UTF_8));
            out.write('h');
            out.flush();
            assertThat(exists(id, "a.txt")).isFalse();
            assertThat(names(id)).isEmpty();
            out.write("alf".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(exists(id, "a.txt")).isTrue();
        assertThat(read(id, "a.txt")).isEqualTo("first half");
    }

    @Test
    void aChannelWritesAsAStreamDoes() throws IOException {
        CacheId id = publish();

        try (WritableByteChannel channel = resource(id, "a.txt").writableChannel()) {
            channel.write(ByteBuffer.wrap("text".getBytes(StandardCharsets.UTF_8)));
            assertThat(exists(id, "a.txt")).isFalse();
        }

        assertThat(read(id, "a.txt")).isEqualTo("text");
    }

    @Test
    void aChannelReadsAsAStreamDoes() throws IOException {
        CacheId id = publish();
        write(id, "a.txt", "text");

        try (ReadableByteChannel channel = resource(id, "a.txt").readableChannel()) {
            ByteBuffer buffer = ByteBuffer.allocate(8);
            assertThat(channel.read(buffer)).isEqualTo(4);
            assertThat(new String(buffer.array(), 0, 4, StandardCharsets.UTF_8)).isEqualTo("text");
            assertThat(channel.read(buffer)).isEqualTo(-1);
        }
    }

    @Test
    void aStreamMayBeClosedTwice() throws IOException {
        CacheId id = publish();
        OutputStream out = resource(id, "a.txt").getOutputStream();
        out.write('1');
        out.close();
        write(id, "a.txt", "2");

        out.close();

        assertThat(read(id, "a.txt")).isEqualTo("2");
    }

    @Test
    void whatTheWriterDiedWithIsNeverSeenAndIsReclaimed() throws IOException {
        CacheId id = publish();
        List<String> before = everything();
        try (DirectoryStorage dying = open("dying-owner")) {
            OutputStream never = dying.resource(id, new RelativeName("a.txt"), DirectoryStorageContract::stillOpen)
                    .getOutputStream();
            never.write(new byte[bytesUntilSomethingIsUnderWay()]);

            storage.removePrepared("dying-owner");

            assertThat(exists(id, "a.txt")).isFalse();
            assertThat(everything()).isEqualTo(before);
            assertThatThrownBy(never::close).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        CacheId id = publish();

        write(id, "empty", "");

        assertThat(exists(id, "empty")).isTrue();
        assertThat(resource(id, "empty").contentLength()).isZero();
    }

    @Test
    void aLargeFileComesBackAsItWas() throws IOException {
        CacheId id = publish();
        byte[] large = new byte[3 * 1024 * 1024 + 7];
        new java.util.Random(7).nextBytes(large);

        try (OutputStream out = resource(id, "large").getOutputStream()) {
            out.write(large);
        }

        assertThat(resource(id, "large").getContentAsByteArray()).isEqualTo(large);
        assertThat(resource(id, "large").contentLength()).isEqualTo(large.length);
    }

    @Test
    void whoReadsSeesTheOldContentToItsEndWhileItIsReplaced() throws IOException {
        CacheId id = publish();
        write(id, "a.txt", "old content");

        try (InputStream in = resource(id, "a.txt").getInputStream()) {
            assertThat(in.read()).isEqualTo('o');
            write(id, "a.txt", "NEW");
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("ld content");
        }

        assertThat(read(id, "a.txt")).isEqualTo("NEW");
    }

    @Test
    void aWriteFailsWhenTheHandleWasClosedMeanwhile() throws IOException {
        CacheId id = publish();
        write(id, "a.txt", "old");
        List<String> before = everything();
        AtomicBoolean closed = new AtomicBoolean();
        OutputStream out =
                storage.resource(id, new RelativeName("a.txt"), guard(closed)).getOutputStream();
        out.write("new".getBytes(StandardCharsets.UTF_8));

        closed.set(true);

        assertThatIllegalStateException().isThrownBy(out::close).withMessage("closed");
        assertThat(read(id, "a.txt")).isEqualTo("old");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void nothingIsOpenedWhenTheHandleWasClosed() throws IOException {
        CacheId id = publish();
        write(id, "a.txt", "text");
        AtomicBoolean closed = new AtomicBoolean();
        WritableResource resource = storage.resource(id, new RelativeName("a.txt"), guard(closed));

        closed.set(true);

        assertThatIllegalStateException().isThrownBy(resource::getInputStream);
        assertThatIllegalStateException().isThrownBy(resource::readableChannel);
        assertThatIllegalStateException().isThrownBy(resource::getContentAsByteArray);
        assertThatIllegalStateException().isThrownBy(() -> resource.getContentAsString(StandardCharsets.UTF_8));
        assertThatIllegalStateException().isThrownBy(resource::getOutputStream);
        assertThatIllegalStateException().isThrownBy(resource::writableChannel);
    }

    private static Runnable guard(AtomicBoolean closed) {
        return () -> {
            if (closed.get()) {
                throw new IllegalStateException("closed");
            }
        };
    }

    @Test
    void aResourceKnowsItsNameAndWhetherItIsThere() throws IOException {
        CacheId id = publish();
        WritableResource resource = resource(id, "folder/a.txt");

        assertThat(resource.exists()).isFalse();
        assertThat(resource.getFilename()).isEqualTo("a.txt");

        write(id, "folder/a.txt", "text");
        assertThat(resource.exists()).isTrue();
        assertThat(resource.isReadable()).isTrue();
        assertThat(resource.contentLength()).isEqualTo(4);
        assertThat(resource.lastModified()).isPositive();
        assertThat(resource).isEqualTo(resource(id, "folder/a.txt")).hasSameHashCodeAs(resource(id, "folder/a.txt"));
        assertThat(resource).isNotEqualTo(resource(id, "folder/b.txt"));
    }

    @Test
    void readingWhatIsNotThereFails() {
        CacheId id = publish();

        assertThatThrownBy(() -> resource(id, "missing").getInputStream()).isInstanceOf(IOException.class);
    }

    @Test
    void aRelativeResourceStaysInsideAndIsWrittenAsAWhole() throws IOException {
        CacheId id = publish();
        write(id, "folder/a.txt", "text");

        Resource sibling = resource(id, "folder/a.txt").createRelative("b.txt");
        try (OutputStream out = ((WritableResource) sibling).getOutputStream()) {
            out.write('b');
            assertThat(exists(id, "folder/b.txt")).isFalse();
        }

        assertThat(read(id, "folder/b.txt")).isEqualTo("b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> resource(id, "folder/a.txt").createRelative("../../escape"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> resource(id, "a.txt").createRelative(RelativeName.METADATA));
    }

    static Stream<String> unusualNames() {
        return Stream.of(
                " spaces around ",
                "a+b",
                "100%",
                "%2e%2e%2f",
                ".hidden",
                "..two-dots",
                "...",
                "back\\slash",
                "..\\..\\not-a-way-out",
                "colon:star*question?",
                "quote'\"<>|&",
                "~",
                "äöüß/Ελλάδα/日本語",
                "😀.txt",
                "e\u0301 decomposed",
                "deep/er/and/deep/er/still/file",
                "nested/" + RelativeName.METADATA,
                "nested/.wiping",
                "x".repeat(200));
    }

    @ParameterizedTest
    @MethodSource("unusualNames")
    void anyNameComesBackAsItWas(String name) throws IOException {
        assumeTrue(canBeNamed(name), "this machine cannot write that name down");
        CacheId id = publish();

        write(id, name, "text of " + name);

        assertThat(exists(id, name)).isTrue();
        assertThat(names(id)).containsExactly(name);
        assertThat(read(id, name)).isEqualTo("text of " + name);
        assertThat(storage.download(id, new RelativeName(name))).hasContent("text of " + name);
        storage.delete(id, new RelativeName(name));
        assertThat(names(id)).isEmpty();
    }

    @Test
    void filesAreListedAtAnyDepthWithoutTheMetadata() throws IOException {
        CacheId id = publish(Map.of("colour", "green"));
        write(id, "a.txt", "");
        write(id, "folder/a.txt", "");
        write(id, "folder/deeper/a.txt", "");

        assertThat(names(id)).containsExactlyInAnyOrder("a.txt", "folder/a.txt", "folder/deeper/a.txt");
    }

    @Test
    void filesOfOneCacheAreNotThoseOfAnother() throws IOException {
        CacheId one = publish();
        CacheId other = publish();
        write(one, "a.txt", "one");

        assertThat(exists(other, "a.txt")).isFalse();
        assertThat(names(other)).isEmpty();
    }

    @Test
    void onlyFilesExist() throws IOException {
        CacheId id = publish();
        write(id, "folder/a.txt", "");

        assertThat(exists(id, "folder")).isFalse();
        assertThat(exists(id, "missing")).isFalse();
        assertThat(exists(id, "folder/a.txt/below-a-file")).isFalse();
    }

    @Test
    void deletingRemovesThatFileOnly() throws IOException {
        CacheId id = publish();
        write(id, "folder/a.txt", "");
        write(id, "folder/b.txt", "");

        storage.delete(id, new RelativeName("folder/a.txt"));

        assertThat(names(id)).containsExactly("folder/b.txt");
    }

    @Test
    void deletingWhatIsNotThereIsSilent() throws IOException {
        CacheId id = publish();

        storage.delete(id, new RelativeName("missing"));
        storage.delete(id, new RelativeName("no-folder/missing"));
        write(id, "a.csv", "text");
        storage.delete(id, new RelativeName("a.csv/x"));
        storage.delete(id, new RelativeName("a.csv/x/y"));

        assertThat(names(id)).containsExactly("a.csv");

        assertThat(storage.look(id)).isEqualTo(Look.FREE);
    }

    @Test
    void aDownloadIsALocalFileWithTheContent() throws IOException {
        CacheId id = publish();
        write(id, "folder/a.txt", "text");

        Path file = storage.download(id, new RelativeName("folder/a.txt"));

        assertThat(file).isRegularFile().hasContent("text");
    }

    @Test
    void aDownloadOfWhatIsNotThereFails() {
        CacheId id = publish();

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> storage.download(id, new RelativeName("missing")))
                .withMessageContaining("missing")
                .withMessageContaining(id.value())
                .withMessageContaining("exists")
                .withMessageContaining("resources")
                .withMessageNotContaining("by hand");
    }

    @Test
    void aDownloadFromWhatIsGoneIsNotFound() {
        CacheId id = publish();
        storage.trash(id);

        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> storage.download(id, new RelativeName("a.txt")));
    }

    @Test
    void anUploadIsACopyThatReplacesWhatWasThere() throws IOException {
        CacheId id = publish();
        write(id, "a.txt", "old and longer");
        Path source = source("new");

        storage.upload(id, source, new RelativeName("a.txt"), DirectoryStorageContract::stillOpen);
        storage.upload(id, source, new RelativeName("folder/b.txt"), DirectoryStorageContract::stillOpen);
        Files.writeString(source, "changed afterwards");

        assertThat(read(id, "a.txt")).isEqualTo("new");
        assertThat(read(id, "folder/b.txt")).isEqualTo("new");
        assertThat(names(id)).containsExactlyInAnyOrder("a.txt", "folder/b.txt");
    }

    @Test
    void anUploadThatFailsLeavesNothing() throws IOException {
        CacheId id = publish();
        List<String> before = everything();
        RelativeName name = new RelativeName("a.txt");

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> storage.upload(id, outside.resolve("missing"), name, DirectoryStorageContract::stillOpen))
                .withMessageContaining(outside.resolve("missing").toString())
                .withMessageContaining("not there")
                .withMessageNotContaining("by hand");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> storage.upload(id, outside, name, DirectoryStorageContract::stillOpen));
        assertThatIllegalStateException()
                .isThrownBy(() -> storage.upload(id, source("text"), name, guard(new AtomicBoolean(true))));

        assertThat(everything()).isEqualTo(before);
    }

    private Path source(String text) throws IOException {
        return Files.writeString(outside.resolve("source"), text);
    }

    @Test
    void statusTellsWhereTheDirectoriesAre() {
        StorageStatus status = storage.status();

        assertThat(status.storage()).isEqualTo(storage.name());
        assertThat(status.inUse()).isTrue();
        assertThat(storage.location(publish(Map.of())).toString())
                .startsWith(status.location().toString());
    }

    @Test
    void usageCountsFilesAndTheirBytesWithoutTheMetadata() throws IOException {
        CacheId id = publish(Map.of("colour", "green"));
        assertThat(storage.usage(id)).isEqualTo(new CacheUsage(0, 0));

        write(id, "a.txt", "12345");
        write(id, "folder/b.txt", "67");

        assertThat(storage.usage(id)).isEqualTo(new CacheUsage(2, 7));
    }

    @Test
    void whateverChangesInADirectoryIsSeen() throws IOException {
        CacheId id = publish();
        write(id, "folder/a.txt", "text");
        long before = storage.changes(id);
        assertThat(storage.changes(id)).isEqualTo(before);

        write(id, "folder/b.txt", "text");
        long added = storage.changes(id);
        assertThat(added).isNotEqualTo(before);

        storage.delete(id, new RelativeName("folder/b.txt"));
        long deleted = storage.changes(id);
        assertThat(deleted).isNotEqualTo(added);
        assertThat(deleted == before).isEqualTo(!remembersDeletions());
    }
}
