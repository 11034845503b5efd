// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.MetadataJson;
import io.monolithcache.directory.ReferenceRegistry.Found;
import io.monolithcache.directory.s3.MetadataVersions.Version;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** What lies in a bucket and is none of ours, or not as it should be. */
class ForeignObjectsTests extends OneBucket {

    private static final byte[] SOMETHING = "something".getBytes(StandardCharsets.UTF_8);

    private void put(String... keys) {
        for (String key : keys) {
            bucket.objects().put(key, SOMETHING);
        }
    }

    @Test
    void keysThatAreNoneOfOursHaveNoNameAndNoNumber() {
        assertThat(S3Keys.name("registry/", "registry/a/1")).isEqualTo("a");
        assertThat(S3Keys.name("registry/", "registry/a")).isNull();
        assertThat(S3Keys.name("registry/", "registry//a")).isNull();
        assertThat(S3Keys.name("registry/", "something/a/1")).isNull();
        assertThat(S3Keys.number("registry/a/00000000000000000017")).isEqualTo(17);
        assertThat(S3Keys.number("registry/a/17")).isZero();
        assertThat(S3Keys.number("registry/a/0000000000000000001a")).isZero();
        assertThat(S3Keys.number("registry/a/0000000000000000001 ")).isZero();
        assertThat(S3Keys.number("registry/a/99999999999999999999")).isZero();
    }

    @Test
    void statesOfOthersAreNotListed() {
        TestOwner owner = owner();
        CacheId first = owner.create();
        CacheId between = owner.create();
        CacheId last = owner.create();
        CacheId gone = owner.create();
        owner.registry.release(gone);
        owner.registry.lock(first, time.instant().plusSeconds(60));
        owner.registry.lock(last, null);
        put(
                "registry/odd",
                "registry/odd/00000000000000000001",
                "registry/" + first + "/odd",
                "registry/" + CacheId.random(time.instant()) + "/00000000000000000002");

        List<Found> found = owner.registry.find(Stream.of(first, last, gone)).toList();

        assertThat(found).extracting(Found::id).containsExactly(first, last);
        assertThat(found.get(0).standing().lockedUntil())
                .isEqualTo(time.instant().plusSeconds(60));
        assertThat(found.get(1).standing().lockedUntil()).isNull();
        assertThat(found.get(1).standing().locked()).isTrue();
        assertThat(owner.registry.find(Stream.<CacheId>of())).isEmpty();
        assertThat(owner.metadata.list(null)).contains(first, between, last).doesNotContain(gone);
        time.pass(Duration.ofSeconds(70));
        assertThat(owner.registry
                        .find(Stream.of(first))
                        .toList()
                        .get(0)
                        .standing()
                        .locked())
                .isFalse();
    }

    @Test
    void metadataOfOthersAreNotListed() {
        MetadataChain chain = new MetadataChain(bucket.objects(), time.ownClock());
        CacheId id = CacheId.random(time.instant());
        chain.create(id, Map.of("colour", "green"));
        put(
                "metadata/odd",
                "metadata/0odd/00000000000000000001",
                "metadata/zodd/00000000000000000001",
                "metadata/" + id + "/odd",
                "metadata/" + id + "/90000000000000000001",
                "metadata/" + id + "/0000000000000000000x",
                "metadata/" + id + "/0000000000000000000 ",
                "metadata/" + CacheId.random(time.instant()) + "/00000000000000000002");

        assertThat(chain.list(null)).containsExactly(id);
        assertThat(chain.list(id)).containsExactly(id);
        MetadataVersions versions = MetadataVersions.list(bucket.objects(), id);
        assertThat(versions.number()).isOne();
        assertThat(versions.find(2)).isNull();
        assertThat(versions.superseded(Duration.ZERO)).isEmpty();
        assertThat(MetadataVersions.list(bucket.objects(), CacheId.random(time.instant()))
                        .number())
                .isZero();
    }

    @Test
    void aVersionThatSomebodyElseWroteIsDamaged() {
        assertThat(Version.read(new byte[0]).isDamaged()).isTrue();
        assertThat(Version.read(new byte[40]).isDamaged()).isTrue();
        assertThat(Version.read(new byte[Version.REMOVED_SIZE]).saysRemoved()).isFalse();
        assertThat(Version.removed().saysRemoved()).isTrue();
        assertThat(Version.of(Map.of()).saysRemoved()).isFalse();
        assertThat(Version.read(new byte[0]).orEmpty()).isEmpty();
    }

    @Test
    void aLargeVersionAndOneThatWasReplacedByHandAreReadEachTime() {
        KnownMetadata known = new KnownMetadata(bucket.objects());
        bucket.objects()
                .put("metadata/a", Version.of(Map.of("text", "x".repeat(5_000))).text());
        bucket.objects().put("metadata/b", Version.of(Map.of("colour", "green")).text());
        List<S3Objects.Listed> listed = bucket.objects().list("metadata/", null).objects();
        bucket.objects().put("metadata/b", Version.of(Map.of("colour", "red!!")).text());

        for (int time = 0; time < 2; time++) {
            assertThat(Objects.requireNonNull(known.read(listed.get(0))).orEmpty())
                    .containsKey("text");
            assertThat(Objects.requireNonNull(known.read(listed.get(1))).orEmpty())
                    .containsEntry("colour", "red!!");
        }
        assertThat(known.saysRemoved(listed.get(0))).isFalse();
        bucket.objects().delete("metadata/a");
        assertThat(known.read(listed.get(0))).isNull();
    }

    @Test
    void aStateThatIsLargeIsNotRemembered() {
        KnownVersions known = new KnownVersions();
        CacheId id = CacheId.random(Instant.now());
        CacheState state = CacheState.created("owner", "host", Map.of());

        known.add(new CacheState.Version(id, 1, state), 5_000);
        assertThat(known.size()).isZero();
        known.add(new CacheState.Version(id, 2, state), 50);
        known.add(new CacheState.Version(id, 1, state), 50);
        assertThat(known.find(id, 1)).isNull();
        assertThat(known.find(id, 2)).isEqualTo(state);
        assertThat(known.find(CacheId.random(Instant.now()), 1)).isNull();
        known.endSweep();
        known.endSweep();
        assertThat(known.size()).isZero();
    }

    @Test
    void thePageThatFollowsBeginsBehindWhateverIsLast() {
        Instant now = Instant.now();
        S3Objects.Listed object = new S3Objects.Listed("m", 1, now, "e");
        assertThat(new S3Objects.Page(List.of(), List.of(), true, now).end()).isNull();
        assertThat(new S3Objects.Page(List.of(object), List.of(), true, now).end())
                .isEqualTo("m");
        assertThat(new S3Objects.Page(List.of(), List.of("a/"), true, now).end())
                .isEqualTo("a0");
        assertThat(new S3Objects.Page(List.of(object), List.of("a/"), true, now).end())
                .isEqualTo("m");
        assertThat(new S3Objects.Page(List.of(object), List.of("z/"), true, now).end())
                .isEqualTo("z0");
    }

    @Test
    void aChecksumIsThatOfThisWrite() {
        StoredChecksums checksums = new StoredChecksums(bucket.objects());
        CacheId id = CacheId.random(Instant.now());
        Map<String, String> later = StoredChecksums.later();

        assertThat(StoredChecksums.isSameWrite(later, later)).isTrue();
        assertThat(StoredChecksums.isSameWrite(later, Map.of())).isFalse();
        assertThat(StoredChecksums.isSameWrite(Map.of(), Map.of())).isFalse();
        assertThat(checksums.find(id, Map.of())).isNull();
        assertThat(checksums.find(id, later)).isNull();
        checksums.write(id, later, "abc");
        assertThat(checksums.find(id, later)).isEqualTo("abc");
    }

    @Test
    void aPartOfAFileEndsWhereItShould(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "0123456789");
        try (FilePart part = new FilePart(file, 2, 3)) {
            assertThat(part.read(new byte[1], 0, 0)).isZero();
            assertThat(part.read()).isEqualTo('2');
            assertThat(part.readAllBytes()).asString().isEqualTo("34");
            assertThat(part.read()).isEqualTo(-1);
        }
        try (FilePart part = new FilePart(file, 8, 5)) {
            assertThat(part.readNBytes(2)).hasSize(2);
            assertThatExceptionOfType(EOFException.class).isThrownBy(part::read);
        }
    }

    @Test
    void aCacheWithoutItsFirstStateOrWithAWipeBegunIsNone() {
        TestOwner owner = owner();
        assertThat(owner.metadata.list(null)).isEmpty();
        CacheId there = owner.create();
        CacheId going = owner.create();
        CacheId late = CacheId.random(time.instant());
        bucket.objects()
                .put(
                        S3Keys.version(going, 2),
                        CacheStateJson.write(
                                CacheState.created("owner", "host", Map.of()).wiping()));
        put("registry/" + late + "/00000000000000000002", "caches/" + late + "/a", "caches/" + late + "0/a");

        assertThat(owner.registry.find(Stream.of(there, going, late)).toList())
                .extracting(Found::id)
                .containsExactly(there);
        assertThat(owner.metadata.list(null)).containsExactly(there);
        assertThat(owner.metadata.list(there)).contains(there);
        Numbered versions = Numbered.list(bucket.objects(), S3Keys.versions(late));
        assertThat(versions.isOlder(99, Duration.ZERO)).isFalse();
        assertThat(versions.id()).isEqualTo(late);
        assertThat(Numbered.list(bucket.objects(), "registry/odd/").id()).isNull();
        assertThat(Numbered.list(bucket.objects(), "something/").id()).isNull();
    }

    @Test
    void aLengthThatTheStoreDoesNotTellIsNoLength() throws IOException {
        GetObjectResponse whole = GetObjectResponse.builder().contentLength(7L).build();
        assertThat(ObjectRange.total(whole)).isEqualTo(7);
        assertThat(ObjectRange.total(
                        whole.toBuilder().contentRange("bytes 0-3/9").build()))
                .isEqualTo(9);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ObjectRange.total(
                        whole.toBuilder().contentRange("bytes 0-3/*").build()));
    }

    @Test
    void everyKindOfNumberComesBack() {
        Map<String, Object> numbers = Map.of(
                "byte",
                (byte) 1,
                "short",
                (short) 2,
                "float",
                1.5f,
                "large",
                new BigInteger("12345678901234567890"),
                "decimal",
                new BigDecimal("1.25"));

        assertThat(MetadataJson.normalize(numbers))
                .containsEntry("byte", 1)
                .containsEntry("short", 2)
                .containsEntry("float", 1.5)
                .containsEntry("decimal", 1.25)
                .containsKey("large");
        assertThat(MetadataJson.read("{\"a\":1} 2".getBytes(StandardCharsets.UTF_8)))
                .isNull();
    }
}
