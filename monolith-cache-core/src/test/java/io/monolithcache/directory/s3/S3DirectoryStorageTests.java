// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.DirectoryStorageContract;
import io.monolithcache.directory.RelativeName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real API of S3, and what is particular to a bucket. */
@ExtendWith(S3Server.Started.class)
class S3DirectoryStorageTests extends DirectoryStorageContract {

    @TempDir
    Path scratch;

    /** Before the contract opens its storage. */
    @RegisterExtension
    final BeforeEachCallback place = this::openBucket;

    private S3Bucket bucket;

    private void openBucket(ExtensionContext context) {
        bucket = new S3Bucket(S3Server.Started.server(context), scratch);
    }

    @AfterEach
    void closeBucket() throws Exception {
        bucket.close();
    }

    @Override
    protected DirectoryStorage open(String owner) {
        return bucket.open(owner);
    }

    @Override
    protected List<String> everything() {
        return bucket.everything();
    }

    @Override
    protected void damageMetadata(CacheId id, @Nullable String text) {
        bucket.put(S3Layout.version(id, 1), Objects.requireNonNull(text).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected boolean hasPaths() {
        return false;
    }

    @Override
    protected boolean remembersDeletions() {
        return false;
    }

    @Override
    protected boolean outlivesItsMetadata() {
        return false;
    }

    @Override
    protected int bytesUntilSomethingIsUnderWay() {
        return S3Bucket.PART + 1;
    }

    @Override
    protected int changesPerThread() {
        return 6;
    }

    @Test
    void aCacheWithoutMetadataIsNoneAndItsDataAreTrash() throws IOException {
        CacheId kept = publish();
        CacheId id = publish();
        write(kept, "a.txt", "kept");
        write(id, "a.txt", "text");
        bucket.delete(S3Layout.version(id, 1));

        assertThat(storage().look(id)).isEqualTo(Look.GONE);
        assertThat(storage().purge()).isOne();

        assertThat(everything()).noneMatch(name -> name.contains(id.value()));
        assertThat(read(kept, "a.txt")).isEqualTo("kept");
    }

    @Test
    void whatAPausedWriterWritesAfterTheEndIsNothingAndIsDeleted() throws IOException {
        List<String> before = everything();
        CacheId id = publish();
        Objects.requireNonNull(storage().trash(id)).delete();
        bucket.put(S3Layout.version(id, 7), new byte[] {1});
        bucket.put(S3Layout.mark(id, "wiper"), new byte[0]);
        bucket.put(S3Layout.cache(id) + "late.txt", new byte[] {1});
        bucket.put(S3Layout.sums(id) + "late", new byte[] {1});

        assertThat(storage().look(id)).isEqualTo(Look.GONE);
        assertThat(storage().purge()).isPositive();

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whoDiesBetweenTheNoteAndTheEndHasTrashedNothing() {
        CacheId id = publish();
        bucket.put(S3Layout.trash(id), new byte[0]);

        assertThat(storage().purge()).isZero();

        assertThat(storage().look(id)).isEqualTo(Look.FREE);
    }

    @Test
    void anUploadToACacheThatIsGoneIsGivenUp() throws IOException {
        List<String> before = everything();
        CacheId id = publish();
        DirectoryStorage dying = open("dying-owner");
        OutputStream never =
                dying.resource(id, new RelativeName("a.txt"), () -> {}).getOutputStream();
        never.write(new byte[S3Bucket.PART + 1]);
        bucket.everything().stream()
                .filter(name -> name.contains("/prepared/"))
                .forEach(note -> bucket.delete(note.substring("some/prefix/".length())));
        Objects.requireNonNull(storage().trash(id)).delete();

        assertThat(storage().purge()).isOne();

        assertThat(everything()).isEqualTo(before);
        assertThatThrownBy(never::close).isInstanceOf(IOException.class);
    }

    @Test
    void exactlyOneOfSeveralPartiesTrashesIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 5; round++) {
                CacheId id = publish();
                Callable<DirectoryStorage.@Nullable Trash> trash =
                        () -> storage().trash(id);
                int winners = 0;
                for (var result : threads.invokeAll(List.of(trash, trash, trash, trash))) {
                    winners += result.get() == null ? 0 : 1;
                }
                assertThat(winners).isOne();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aWriteThatEndsAfterTheWipeRevivesNothing() throws IOException {
        List<String> before = everything();
        CacheId id = publish();
        OutputStream small = resource(id, "small").getOutputStream();
        OutputStream large = resource(id, "large").getOutputStream();
        large.write(new byte[2 * S3Bucket.PART]);
        Objects.requireNonNull(storage().trash(id)).delete();

        assertThatThrownBy(small::close).isInstanceOf(IOException.class).hasMessageContaining(id.value());
        assertThatThrownBy(large::close).isInstanceOf(IOException.class);

        storage().purge();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void thereIsACopyOfTheMetadataForPeople() {
        CacheId id = publish(Map.of("colour", "green"));
        assertThat(bucket.text(S3Layout.copy(id))).isEqualTo("{\"colour\":\"green\"}");

        storage().updateMetadata(id, old -> Map.of("colour", "red"));
        assertThat(bucket.text(S3Layout.copy(id))).isEqualTo("{\"colour\":\"red\"}");

        bucket.delete(S3Layout.copy(id));
        assertThat(storage().metadata(id)).isEqualTo(Map.of("colour", "red"));
    }

    @Test
    void anotherRegistryIsRefused() {
        S3DirectoryStorage other = unused("s3");

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(other::openRoot)
                .withMessageContaining("kept by the registry 'redis'")
                .withMessageContaining("monolith.cache.registry=redis");
    }

    @Test
    void aNewerFormatIsRefused() {
        bucket.put(S3Layout.FORMAT, "version=2\nroot=x\nregistry=redis\n".getBytes(StandardCharsets.UTF_8));

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(() -> storage().openRoot())
                .withMessageContaining("format '2'")
                .withMessageContaining("monolith.cache.s3.path");
    }

    @Test
    void aRootThatWasRemovedIsNotIntactAndOneThatIsMadeAgainIsAnother() {
        String root = storage().root();
        bucket.delete(S3Layout.FORMAT);

        assertThat(storage().isIntact()).isFalse();
        assertThat(storage().openRoot()).isNotEqualTo(root);
    }

    @Test
    void ownersOfOneRootAgreeOnItsName() {
        try (DirectoryStorage other = open("other-owner")) {
            assertThat(other.root()).isEqualTo(storage().root()).isNotNull();
        }
    }

    private S3DirectoryStorage unused(String registry) {
        S3Objects objects = bucket.objects();
        return new S3DirectoryStorage(
                objects,
                new S3Root(objects, registry, null, () -> {}),
                new MetadataChain(objects, OwnClock.ofTheSystem()),
                bucket.settings(),
                () -> scratch);
    }

    @Test
    void nothingIsWrittenBeforeAnOwnerBeganToWork() {
        S3DirectoryStorage unused = unused("redis");

        assertThatIllegalStateException().isThrownBy(unused::prepare).withMessageContaining("owner");
        assertThat(unused.root()).isNull();
    }

    @Test
    void namesThatS3CannotHaveAreRefused() {
        CacheId id = publish();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> resource(id, "ä".repeat(600)))
                .withMessageContaining("1024 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> resource(id, "half \ud83d"));
    }

    @Test
    void foldersThatConsolesMakeAreNoFiles() {
        CacheId id = publish();
        bucket.put(S3Layout.cache(id) + "folder/", new byte[0]);

        try (Stream<String> names = storage().resources(id)) {
            assertThat(names).isEmpty();
        }
    }

    @Test
    void aCopyIsMadeOnceForEachVersion() throws IOException {
        CacheId id = publish();
        write(id, "folder/a.txt", "first");
        RelativeName name = new RelativeName("folder/a.txt");

        Path first = storage().download(id, name);
        assertThat(storage().download(id, name)).isEqualTo(first);
        write(id, "folder/a.txt", "second");
        Path second = storage().download(id, name);

        assertThat(first).hasFileName("a.txt").hasContent("first");
        assertThat(second).isNotEqualTo(first).hasContent("second");
        assertThat(second).startsWith(scratch);
        storage().letGo(id);
        assertThat(first).doesNotExist();
        assertThat(second).doesNotExist();
    }

    @Test
    void copiesGoWithTheStorage() throws IOException {
        CacheId id = publish();
        write(id, "a.txt", "text");
        try (DirectoryStorage other = open("other-owner")) {
            assertThat(other.download(id, new RelativeName("a.txt"))).exists();
        }

        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void severalWhoWantOneCopyMakeItOnce() throws Exception {
        CacheId id = publish();
        write(id, "a.txt", "text");
        bucket.requests.take();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Path> download = () -> storage().download(id, new RelativeName("a.txt"));
            List<Path> paths = new ArrayList<>();
            for (var path : threads.invokeAll(List.of(download, download, download, download))) {
                paths.add(path.get());
            }
            assertThat(paths).containsOnly(paths.get(0));
        } finally {
            threads.shutdownNow();
        }
        assertThat(bucket.requests.take()).hasSize(4).containsOnly("GetObject");
    }
}
