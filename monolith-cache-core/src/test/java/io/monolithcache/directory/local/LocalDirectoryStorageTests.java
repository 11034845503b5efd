// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.DirectoryStorageContract;
import io.monolithcache.directory.LogWatch;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.RelativeName;
import io.monolithcache.owner.RootLocator.Place;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDirectoryStorageTests extends DirectoryStorageContract {

    @TempDir
    Path place;

    @Override
    protected DirectoryStorage open(String owner) {
        LocalRoot root = new LocalRoot(Place.of(place), "file", OrphanPolicy.KEEP, false, FileSystems::ofTheSystem);
        root.open();
        LocalDirectoryStorage storage = new LocalDirectoryStorage(root);
        storage.open(owner);
        return storage;
    }

    /** Without the files that are only there to be locked. */
    @Override
    protected List<String> everything() throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            return all.map(place::relativize)
                    .map(Path::toString)
                    .filter(name -> !name.matches(".*/\\.monolith/(metadata/\\d\\d|starting)"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    protected void damageMetadata(CacheId id, @Nullable String text) throws IOException {
        Path file = storage().path(id).resolve(RelativeName.METADATA);
        if (text == null) {
            Files.delete(file);
        } else {
            Files.writeString(file, text);
        }
    }

    @Override
    protected boolean canBeNamed(String name) {
        try {
            return Path.of(name) != null;
        } catch (InvalidPathException noSuchCharacters) {
            return false;
        }
    }

    @Test
    void aDirectoryIsWhereTheLayoutSays() {
        CacheId id = publish();

        assertThat(storage().name()).isEqualTo("local");
        assertThat(storage().path(id)).isEqualTo(base().resolve("caches").resolve(id.value()));
        assertThat(storage().location(id)).isEqualTo(storage().path(id).toUri());
    }

    private Path base() {
        return place.resolve("monolith-cache");
    }

    @Test
    void namesWithLineBreaksComeBackAsTheyWere() throws IOException {
        CacheId id = publish();

        write(id, "line\nbreak\ttab", "text");

        try (Stream<String> names = storage().resources(id)) {
            assertThat(names).containsExactly("line\nbreak\ttab");
        }
    }

    @Test
    void theLocationMayBeNamedThroughALink() throws IOException {
        CacheId id = publish();
        Path link = Files.createSymbolicLink(outside().resolve("link"), base().resolve("caches"));

        assertThat(storage().idOf(link.resolve(id.value()).toUri())).isEqualTo(id);
    }

    @Test
    void aHolderTakesAwayWhateverLiesInThePlaceOfTheMarksAndFollowsNoLink() throws IOException {
        CacheId file = publish();
        Files.writeString(storage().path(file).resolve(RelativeName.WIPE_MARK), "somebody's");
        CacheId link = publish();
        Files.writeString(outside().resolve("precious"), "text");
        Files.createSymbolicLink(storage().path(link).resolve(RelativeName.WIPE_MARK), outside());
        CacheId folder = publish();
        storage().mark(folder, "wiper");
        Files.createDirectories(storage().path(folder).resolve(RelativeName.WIPE_MARK + "/deep/er"));
        CacheId bit = publish();
        Files.setAttribute(storage().path(bit), "unix:mode", 0_4700);

        for (CacheId id : List.of(file, link, folder, bit)) {
            assertThat(storage().isMarked(id)).isTrue();
            storage().unmark(id);
            assertThat(storage().isMarked(id)).isFalse();
        }

        assertThat(outside().resolve("precious")).hasContent("text");
        assertThat(storage().purge()).isZero();
    }

    private Path outside() throws IOException {
        return Files.createDirectories(place.resolve("outside"));
    }

    @Test
    void aDirectoryOfTheSameNameElsewhereIsNoCache() throws IOException {
        CacheId id = publish();
        Path elsewhere = Files.createDirectory(outside().resolve(id.value()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> storage().idOf(elsewhere.toUri()))
                .withMessageContaining(base().resolve("caches").toString());
    }

    @Test
    void anotherHostsFilesAreRefused() {
        CacheId id = publish();

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        storage().idOf(URI.create("file://host" + storage().path(id))));
        assertThatIllegalArgumentException().isThrownBy(() -> storage().idOf(URI.create("file:///")));
    }

    @Test
    void aLinkInThePlaceOfACacheIsNone() throws IOException {
        CacheId id = CacheId.random(Instant.now());
        Files.createSymbolicLink(storage().path(id), outside());

        assertThat(storage().look(id)).isEqualTo(Look.GONE);
    }

    @Test
    void namesThatAreNoIdsAreNotListed() throws IOException {
        CacheId id = publish();
        Files.createDirectory(base().resolve("caches").resolve("lost+found"));
        Files.createFile(base().resolve("caches").resolve(".DS_Store"));

        try (Stream<CacheId> ids = storage().list()) {
            assertThat(ids).containsExactly(id);
        }
    }

    @Test
    void aLinkThatLeadsOutsideIsRefusedByEveryOperation() throws IOException {
        CacheId id = publish();
        Path secret = Files.writeString(outside().resolve("secret"), "secret");
        Files.createSymbolicLink(storage().path(id).resolve("file"), secret);
        Files.createSymbolicLink(storage().path(id).resolve("folder"), outside());
        Files.createSymbolicLink(
                storage().path(id).resolve("dangling"), outside().resolve("missing"));

        for (String name : List.of("file", "folder/secret", "folder/new", "dangling", "dangling/below")) {
            RelativeName refused = new RelativeName(name);
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> resource(id, name));
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> exists(id, name));
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() -> storage().download(id, refused));
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() -> storage().delete(id, refused));
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() -> storage().upload(id, secret, refused, () -> {}))
                    .withMessageContaining("link");
        }
        assertThat(outside()).isDirectoryNotContaining("glob:**/{new,missing,below}");
        assertThat(secret).hasContent("secret");
    }

    @Test
    void aLinkThatIsMadeWhileAFileIsWrittenIsRefusedToo() throws IOException {
        CacheId id = publish();
        OutputStream out = resource(id, "folder/file").getOutputStream();
        out.write(1);
        Files.createSymbolicLink(storage().path(id).resolve("folder"), outside());

        assertThatIllegalArgumentException().isThrownBy(out::close);

        assertThat(outside()).isEmptyDirectory();
    }

    @Test
    void aLinkThatStaysInsideIsFollowed() throws IOException {
        CacheId id = publish();
        write(id, "folder/a.txt", "text");
        Files.createSymbolicLink(storage().path(id).resolve("latest"), Path.of("folder"));

        assertThat(read(id, "latest/a.txt")).isEqualTo("text");
        assertThat(exists(id, "latest/a.txt")).isTrue();
    }

    @Test
    void linksAreNeitherListedNorCounted() throws IOException {
        CacheId id = publish();
        write(id, "a.txt", "text");
        Files.createSymbolicLink(storage().path(id).resolve("link"), Path.of("a.txt"));
        Files.createSymbolicLink(storage().path(id).resolve("out"), outside());
        Files.writeString(outside().resolve("file"), "outside");

        try (Stream<String> names = storage().resources(id)) {
            assertThat(names).containsExactly("a.txt");
        }
        assertThat(storage().usage(id).files()).isEqualTo(1);
    }

    @Test
    void metadataBehindALinkAreNotRead() throws IOException {
        CacheId id = publish(Map.of("colour", "green"));
        Path other = Files.writeString(outside().resolve("other.json"), "{\"colour\":\"red\"}");
        Path file = storage().path(id).resolve(RelativeName.METADATA);
        Files.delete(file);
        Files.createSymbolicLink(file, other);

        try (LogWatch log = new LogWatch()) {
            assertThat(storage().metadata(id)).isEmpty();
            storage().updateMetadata(id, old -> Map.of("colour", "blue"));
        }

        assertThat(storage().metadata(id)).isEqualTo(Map.of("colour", "blue"));
        assertThat(other).hasContent("{\"colour\":\"red\"}");
    }

    @Test
    void exactlyOneOfSeveralPartiesTrashesIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 50; round++) {
                CacheId id = publish();
                Callable<DirectoryStorage.@Nullable Trash> trash =
                        () -> storage().trash(id);
                long winners = threads.invokeAll(List.of(trash, trash, trash, trash)).stream()
                        .map(LocalDirectoryStorageTests::result)
                        .filter(Objects::nonNull)
                        .count();
                assertThat(winners).isOne();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> @Nullable T result(java.util.concurrent.Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void aWriteThatEndsAfterTheWipeRevivesNothing() throws IOException {
        CacheId id = publish();
        OutputStream plain = resource(id, "a.txt").getOutputStream();
        OutputStream nested = resource(id, "folder/a.txt").getOutputStream();
        Objects.requireNonNull(storage().trash(id)).delete();
        List<String> before = everything();

        assertThatThrownBy(plain::close).isInstanceOf(IOException.class);
        assertThatThrownBy(nested::close).isInstanceOf(IOException.class);

        assertThat(storage().look(id)).isEqualTo(Look.GONE);
        assertThat(everything()).hasSize(before.size() - 2).isSubsetOf(before);
    }

    @Test
    void deletingAFolderIsRefused() throws IOException {
        CacheId id = publish();
        write(id, "folder/a.txt", "text");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> storage().delete(id, new RelativeName("folder")))
                .withMessageContaining("folder");

        assertThat(exists(id, "folder/a.txt")).isTrue();
    }

    @Test
    void aFileIsNotWrittenOverAFolderNorBelowAFile() throws IOException {
        CacheId id = publish();
        write(id, "folder/a.txt", "text");
        List<String> before = everything();

        assertThatThrownBy(() -> write(id, "folder", "text")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> write(id, "folder/a.txt/b", "text")).isInstanceOf(IOException.class);

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aWriteThatCannotBeginSaysWhat() {
        CacheId id = publish();
        storage().removePrepared("this-owner");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> resource(id, "a.txt").getOutputStream())
                .withMessageStartingWith("Could not write a.txt: ");
    }

    @Test
    void anUploadThatCannotBeginSaysWhat() throws IOException {
        CacheId id = publish();
        Path source = Files.writeString(outside().resolve("source"), "text");
        storage().removePrepared("this-owner");

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> storage().upload(id, source, new RelativeName("a.txt"), () -> {}))
                .withMessageContaining("Could not copy " + source + " to a.txt in cache " + id)
                .withMessageContaining("prepared");
    }

    @Test
    void aNameThatTheDiskRefusesIsNotTakenForOneThatIsNotThere() throws IOException {
        CacheId id = publish();
        write(id, "folder/a.txt", "text");

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> storage().delete(id, new RelativeName("folder/" + "x".repeat(300))))
                .withMessageContaining("Could not delete folder/xxx")
                .withMessageContaining("Take a shorter name");
    }

    @Test
    void publishingTellsWhyItFailedEvenIfThePreparedDirectoryIsGone() {
        String prepared = storage().prepare();
        storage().removePrepared("this-owner");

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> storage().publish(prepared, CacheId.random(Instant.now()), Map.of()))
                .withMessageContaining("create cache")
                .withMessageContaining(RelativeName.METADATA);
    }

    @Test
    void nothingIsWrittenBeforeAnOwnerBeganToWork() {
        LocalRoot root = new LocalRoot(Place.of(place), "file", OrphanPolicy.KEEP, false, FileSystems::ofTheSystem);

        assertThatIllegalStateException()
                .isThrownBy(() -> new LocalDirectoryStorage(root).prepare())
                .withMessageContaining("owner");
    }

    @Test
    void beforeTheFirstUseNothingIsListed() {
        LocalRoot root = new LocalRoot(
                Place.of(place.resolve("unused")), "file", OrphanPolicy.KEEP, false, FileSystems::ofTheSystem);

        try (Stream<CacheId> ids = new LocalDirectoryStorage(root).list()) {
            assertThat(ids).isEmpty();
        }
        assertThat(place.resolve("unused")).doesNotExist();
    }

    @Test
    void aTrashThatCannotBeEmptiedIsToldOnceUntilItCan() throws IOException {
        Path trash = base().resolve(".monolith/trash");
        Path aside = outside().resolve("aside");
        try (LogWatch log = new LogWatch()) {
            for (int times = 1; times <= 2; times++) {
                // a link in its place is refused
                Files.move(trash, aside);
                Files.createSymbolicLink(trash, aside);
                assertThat(storage().purge()).isZero();
                assertThat(storage().purge()).isZero();
                assertThat(log.warnings()).hasSize(times).last().asString().contains(trash.toString());

                Files.delete(trash);
                Files.move(aside, trash);
                storage().purge();
            }
        }
    }

    @Test
    void purgingCountsTheEntries() {
        storage().trash(publish());
        storage().trash(publish());

        assertThat(storage().purge()).isEqualTo(2);
        assertThat(base().resolve(".monolith/trash")).isEmptyDirectory();
    }
}
