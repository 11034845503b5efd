// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.MetadataJson;
import io.monolithcache.directory.s3.CacheState.Phase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheStateJsonTests {

    private static CacheState readAgain(CacheState state) {
        return CacheStateJson.read("key", CacheStateJson.write(state));
    }

    private static CacheState read(String text) {
        return CacheStateJson.read("registry/x/1", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        CacheState state = new CacheState(
                Phase.LIVE,
                Map.of("1-2-0123456789abcdef", "häst\"1", "3-4-0123456789abcdef", ""),
                Instant.parse("2026-12-01T10:00:00.123Z"),
                MetadataJson.normalize(Map.of("ключ {\"\n", List.of(1, 2.5, "}", Map.of("metadata", Map.of())))));

        assertThat(readAgain(state)).isEqualTo(state);
        assertThat(readAgain(state.wiping())).isEqualTo(state.wiping());
        assertThat(readAgain(state.wiped())).isEqualTo(state.wiped());
        assertThat(readAgain(state.locked(CacheState.FOR_EVER)).lockedUntil()).isEqualTo(CacheState.FOR_EVER);
    }

    @Test
    void metadataMayBeAsDeepAsElsewhere() {
        Object deepest = "end";
        for (int depth = 0; depth < 99; depth++) {
            deepest = List.of(deepest);
        }
        Map<String, Object> metadata = MetadataJson.normalize(Map.of("deep", deepest));

        assertThat(readAgain(CacheState.created("o", "h", metadata)).metadata()).isEqualTo(metadata);
    }

    @Test
    void theFormIsOneThatPeopleCanRead() {
        CacheState state = CacheState.created("o", "h", Map.of("a", 1));

        assertThat(new String(CacheStateJson.write(state), StandardCharsets.UTF_8))
                .isEqualTo("{\"format\":1,\"phase\":\"live\",\"owners\":{\"o\":\"h\"},\"metadata\":{\"a\":1}}");
    }

    @Test
    void whatOthersAddIsPassedOver() {
        CacheState state = read("{\"format\":1,\"new\":{\"a\":[1]},\"phase\":\"wiped\",\"also\":2}");

        assertThat(state.phase()).isEqualTo(Phase.WIPED);
    }

    @Test
    void aNewerFormatIsRefusedWithWhatToDo() {
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> read("{\"format\":2,\"phase\":\"live\"}"))
                .withMessageContaining("format 2")
                .withMessageContaining("Upgrade");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{}",
                "{\"format\":1}",
                "{\"phase\":\"live\"}",
                "{\"format\":0,\"phase\":\"live\"}",
                "{\"format\":1,\"phase\":\"gone\"}",
                "{\"format\":1,\"phase\":\"live\",\"lock\":\"soon\"}",
                "{\"format\":1,\"phase\":\"live\",\"metadata\":7}",
                "{\"format\":1,\"phase\":\"live\",\"metadata\":{\"a\":1"
            })
    void whatIsNoStateIsToldByItsKey(String text) {
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> read(text))
                .withMessageContaining("registry/x/1");
    }

    @Test
    void whatTheStoreCouldNotKeepIsRefused() {
        List<Object> notJson = new ArrayList<>(List.of(new Object()));

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> CacheStateJson.write(CacheState.created("o", "h", Map.of("a", notJson))));
    }
}
