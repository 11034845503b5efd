// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata, as a user of a handle sees them. */
class MetadataOfACacheTests extends ManagersOnOneRoot {

    private CacheManager manager;
    private CacheDirectory cache;

    @BeforeEach
    void create() {
        manager = manager();
        cache = manager.create(CacheOptions.defaults().metadata("colour", "green"));
    }

    @Test
    void aSnapshotHasWhatWePutAndWhatTheUserPut() {
        assertThat(cache.metadata())
                .containsExactly(
                        entry("id", cache.id().value()),
                        entry("createdAt", "2026-11-20T12:00:00Z"),
                        entry("locked", false),
                        entry("colour", "green"));
    }

    @Test
    void whatIsPutReplacesWhatWasThere() {
        cache.putMetadata("colour", "red");
        cache.putMetadata("size", 7);

        assertThat(cache.metadata()).containsEntry("colour", "red").containsEntry("size", 7);
    }

    @Test
    void whatIsRemovedIsGone() {
        cache.removeMetadata("colour");
        cache.removeMetadata("never-was");

        assertThat(cache.metadata()).containsOnlyKeys("id", "createdAt", "locked");
    }

    @Test
    void aLockShows() {
        cache.lock();
        assertThat(cache.metadata()).containsEntry("locked", true);

        cache.unlock();
        assertThat(cache.metadata()).containsEntry("locked", false);
    }

    @Test
    void aSnapshotDoesNotChange() {
        Map<String, Object> before = cache.metadata();

        cache.putMetadata("colour", "red");

        assertThat(before).containsEntry("colour", "green");
    }

    @Test
    void aSnapshotIsImmutableThroughAndThrough() {
        cache.putMetadata("nested", Map.of("list", List.of(Map.of("deep", 1))));
        Map<String, Object> snapshot = cache.metadata();
        Map<?, ?> nested = (Map<?, ?>) snapshot.get("nested");
        List<?> list = (List<?>) nested.get("list");

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(snapshot::clear);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(nested::clear);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(list::clear);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(((Map<?, ?>) list.get(0))::clear);
    }

    @Test
    void descriptionsAreImmutableToo() {
        Map<String, Object> described = manager.find(cache.id()).orElseThrow().metadata();

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(described::clear);
    }

    @Test
    void aListThatIsChangedAfterwardsIsNotChangedHere() {
        List<Object> mine = new ArrayList<>(List.of(1));
        CacheOptions options = CacheOptions.defaults().metadata("list", mine);
        CacheDirectory created = manager.create(options);
        cache.putMetadata("list", mine);

        mine.add(2);

        assertThat(cache.metadata()).containsEntry("list", List.of(1));
        assertThat(created.metadata()).containsEntry("list", List.of(1));
    }

    static Stream<Object> jsonValues() {
        Map<String, Object> withNull = new HashMap<>();
        withNull.put("nothing", null);
        return Stream.of(
                "text",
                "",
                "\"\\/\b\f\n\r\t\u0000 ä 日本 😀",
                "half a surrogate \uD800",
                true,
                false,
                0,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                new BigInteger("123456789012345678901234567890"),
                0.1,
                Double.MIN_VALUE,
                -0.0,
                List.of(),
                Arrays.asList(1, null, "two", List.of(3)),
                Map.of(),
                withNull,
                Map.of("nested", Map.of("deeper", List.of(true))));
    }

    @ParameterizedTest
    @MethodSource("jsonValues")
    void aJsonValueComesBackAsItWas(Object value) {
        cache.putMetadata("value", value);
        CacheDirectory created = manager.create(CacheOptions.defaults().metadata("value", value));

        assertThat(cache.metadata().get("value")).isEqualTo(value);
        assertThat(created.metadata().get("value")).isEqualTo(value);
    }

    @Test
    void valuesThatJsonHasInAnotherFormComeBackInThat() {
        cache.putMetadata("short", (short) 1);
        cache.putMetadata("byte", (byte) 2);
        cache.putMetadata("float", 0.5f);
        cache.putMetadata("decimal", new BigDecimal("1.25"));
        cache.putMetadata("set", Collections.singleton("one"));
        cache.putMetadata("small long", 3L);

        assertThat(cache.metadata())
                .containsEntry("short", 1)
                .containsEntry("byte", 2)
                .containsEntry("float", 0.5)
                .containsEntry("decimal", 1.25)
                .containsEntry("set", List.of("one"))
                .containsEntry("small long", 3);
    }

    static Stream<Object> otherValues() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        return Stream.of(
                new Object(),
                Instant.EPOCH,
                'c',
                new int[] {1},
                Thread.State.NEW,
                Double.NaN,
                Float.POSITIVE_INFINITY,
                new BigDecimal("1E400"),
                new BigInteger("9".repeat(2_000)),
                Map.of(1, "a key that is no text"),
                List.of(new Object()),
                Map.of("half a surrogate \uD800", 1),
                "x".repeat(1024 * 1024),
                cycle);
    }

    @ParameterizedTest
    @MethodSource("otherValues")
    void anyOtherValueIsRefusedAndNothingChanges(Object value) {
        Map<String, Object> before = cache.metadata();

        assertThatIllegalArgumentException().isThrownBy(() -> cache.putMetadata("value", value));

        assertThat(cache.metadata()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("otherValues")
    void aCacheWithAnyOtherValueIsNotCreated(Object value) throws IOException {
        CacheOptions options = CacheOptions.defaults().metadata("value", value);

        assertThatIllegalArgumentException().isThrownBy(() -> manager.create(options));

        assertThat(manager.list(null, 10)).extracting(CacheDescription::id).containsExactly(cache.id());
        assertThat(base().resolve(".monolith/refs"))
                .isDirectoryContaining(path -> path.endsWith(cache.id().value()));
        try (Stream<java.nio.file.Path> references = Files.list(base().resolve(".monolith/refs"))) {
            assertThat(references).hasSize(1);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller does whose compiler checks no nulls
    void nothingIsNoValue() {
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> cache.putMetadata("value", null));
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> manager.create(CacheOptions.defaults().metadata("value", null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "createdAt", "locked"})
    void keysOfOursAreRefused(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.putMetadata(key, "mine"))
                .withMessageContaining("'" + key + "' is reserved");
        assertThatIllegalArgumentException().isThrownBy(() -> cache.removeMetadata(key));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.create(CacheOptions.defaults().metadata(key, "mine")));
        assertThat(cache.metadata()).containsEntry("id", cache.id().value());
    }

    @Test
    void keysHaveALength() {
        cache.putMetadata("k".repeat(256), 1);
        cache.putMetadata(" ", 2);

        assertThatIllegalArgumentException().isThrownBy(() -> cache.putMetadata("", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> cache.putMetadata("k".repeat(257), 1));
        assertThat(cache.metadata()).containsEntry("k".repeat(256), 1).containsEntry(" ", 2);
    }

    @Test
    void allEntriesTogetherHaveALimit() {
        String half = "x".repeat(600 * 1024);
        cache.putMetadata("first", half);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.putMetadata("second", half))
                .withMessageContaining("1048576 bytes");

        assertThat(cache.metadata()).containsEntry("first", half).doesNotContainKey("second");
        cache.removeMetadata("first");
        cache.putMetadata("second", half);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{\"id\":", "[]", "no JSON", "{\"createdAt\":\"yesterday\",\"id\":7,\"locked\":\"no\"}"})
    void aDamagedFileReadsAsIdTimeAndLockAndStaysUsable(String damage) throws IOException {
        cache.lock();
        Files.writeString(cache.path().resolve("meta.json"), damage);

        try (LogWatch log = new LogWatch()) {
            assertThat(cache.metadata())
                    .containsOnly(
                            entry("id", cache.id().value()),
                            entry("createdAt", "2026-11-20T12:00:00Z"),
                            entry("locked", true));
            assertThat(manager.find(cache.id()).orElseThrow().createdAt()).isEqualTo(clock.instant());
            assertThat(log.warnings()).hasSize(damage.startsWith("{\"createdAt") ? 0 : 2);
            cache.putMetadata("size", 7);
        }

        assertThat(cache.metadata())
                .containsEntry("size", 7)
                .containsEntry("id", cache.id().value());
        assertThat(cache.path().resolve("meta.json"))
                .content()
                .contains(cache.id().value());
    }

    @Test
    void aFileThatWasDeletedReadsAsIdTimeAndLockAndStaysUsable() throws IOException {
        Files.delete(cache.path().resolve("meta.json"));

        try (LogWatch log = new LogWatch()) {
            assertThat(cache.metadata()).containsOnlyKeys("id", "createdAt", "locked");
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("meta.json", cache.id().value());
            cache.putMetadata("size", 7);
        }

        assertThat(manager().attach(cache.id()).metadata()).containsEntry("size", 7);
    }

    @Test
    void aLockOfARegistryThatKeepsItInTheFileOutlivesChanges() {
        Map<String, Object> stored = Map.of("id", "x", "locked", true, "colour", "green");

        assertThat(Metadata.with(cache.id(), stored, "size", 7)).containsEntry("locked", true);
        assertThat(Metadata.without(cache.id(), stored, "colour")).containsEntry("locked", true);
    }
}
