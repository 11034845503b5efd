// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheIdTests {

    private static final Instant TIME = Instant.parse("2026-11-20T12:00:00.123Z");

    @Test
    void hasTwentySixCharactersOfCrockfordsAlphabet() {
        assertThat(CacheId.random(TIME).value()).matches("[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}");
    }

    @Test
    void tellsItsTimeToTheMillisecond() {
        assertThat(CacheId.random(TIME).time()).isEqualTo(TIME);
        assertThat(CacheId.random(Instant.EPOCH).time()).isEqualTo(Instant.EPOCH);
        assertThat(CacheId.random(Instant.EPOCH).value()).startsWith("0000000000");
    }

    @Test
    void tellsTheLastTimeThatFits() {
        Instant last = Instant.ofEpochMilli((1L << 48) - 1);

        assertThat(CacheId.random(last).time()).isEqualTo(last);
        assertThat(CacheId.random(last).value()).startsWith("7zzzzzzzzz");
    }

    @Test
    void readsAUlidAsEveryoneElseDoes() {
        // the example of the ULID specification
        assertThat(CacheId.of("01arz3ndektsv4rrffq69g5fav").time()).isEqualTo(Instant.ofEpochMilli(1469922850259L));
    }

    @Test
    void sortsByTime() {
        Stream<CacheId> ids = IntStream.range(0, 100).mapToObj(i -> CacheId.random(TIME.plusMillis(i)));

        assertThat(ids).isSorted();
    }

    @Test
    void isNeverTheSameTwice() {
        Set<CacheId> ids = new HashSet<>();

        IntStream.range(0, 10_000).forEach(i -> ids.add(CacheId.random(TIME)));

        assertThat(ids).hasSize(10_000);
    }

    @Test
    void comesBackFromItsText() {
        CacheId id = CacheId.random(TIME);

        assertThat(CacheId.of(id.toString())).isEqualTo(id).hasSameHashCodeAs(id);
        assertThat(id).hasToString(id.value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01arz3ndektsv4rrffq69g5fa",
                "01arz3ndektsv4rrffq69g5favv",
                "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "81arz3ndektsv4rrffq69g5fav",
                "z1arz3ndektsv4rrffq69g5fav",
                "01arz3ndektsv4rrffq69g5fai",
                "01arz3ndektsv4rrffq69g5fal",
                "01arz3ndektsv4rrffq69g5fao",
                "01arz3ndektsv4rrffq69g5fau",
                "01arz3ndektsv4rrffq69g5fa ",
                "01arz3ndektsv4rrffq69g5fa\n",
                "../../../../../etc/passwd!",
                "01arz3ndektsv4rrffq69g5fa٣"
            })
    void anythingElseIsRefused(String text) {
        assertThat(CacheId.isValid(text)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheId.of(text))
                .withMessageStartingWith("Not a cache id");
        assertThatIllegalArgumentException().isThrownBy(() -> new CacheId(text));
    }

    @Test
    void whatIsRefusedIsShownShortAndHarmless() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheId.of("evil\r\n\u001b[31mline" + "x".repeat(1_000)))
                .withMessageContaining("'evil???[31mline")
                .satisfies(refused ->
                        assertThat(refused.getMessage()).hasSizeLessThan(200).doesNotContain("\n"));
    }
}
