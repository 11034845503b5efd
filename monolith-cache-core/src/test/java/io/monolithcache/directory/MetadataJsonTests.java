// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataJsonTests {

    private static String write(Map<String, Object> metadata) {
        return new String(MetadataJson.write(metadata), StandardCharsets.UTF_8);
    }

    private static @Nullable Map<String, Object> read(String text) {
        return MetadataJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void writesOneLineInTheOrderOfTheMap() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("z", "text");
        metadata.put("a", Arrays.asList(1, 2.5, true, null));
        metadata.put("m", Map.of("nested", new BigInteger("99999999999999999999")));
        metadata.put("d", new BigDecimal("1.50"));

        assertThat(write(metadata))
                .isEqualTo(
                        "{\"z\":\"text\",\"a\":[1,2.5,true,null],\"m\":{\"nested\":99999999999999999999},\"d\":1.50}");
    }

    @Test
    void readsEveryKindOfValue() {
        Map<String, Object> metadata = read("""
                {"text":"ä\\n","int":1,"long":12345678901,"big":99999999999999999999,"half":0.5,
                 "yes":true,"no":false,"list":[1,[2],{}],"map":{"a":{"b":null}}}""");

        assertThat(metadata)
                .containsEntry("text", "ä\n")
                .containsEntry("int", 1)
                .containsEntry("long", 12_345_678_901L)
                .containsEntry("big", new BigInteger("99999999999999999999"))
                .containsEntry("half", 0.5)
                .containsEntry("yes", true)
                .containsEntry("no", false)
                .containsEntry("list", List.of(1, List.of(2), Map.of()))
                .containsEntry("map", Map.of("a", Collections.singletonMap("b", null)));
    }

    @Test
    void readsWhatPeopleIndent() {
        assertThat(read(" {\n  \"a\" : 1\n}\n")).isEqualTo(Map.of("a", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "\"text\"",
                "[]",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1",
                "{\"a\":1}}",
                "{\"a\":1} {\"b\":2}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":[1,]}",
                "{\"a\":\"\\x\"}",
                "<xml/>"
            })
    void anythingElseIsNoMetadata(String text) {
        assertThat(read(text)).isNull();
    }

    @Test
    void bytesThatAreNoTextAreNoMetadata() {
        assertThat(MetadataJson.read(new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'}))
                .isNull();
        assertThat(MetadataJson.read(new byte[16])).isNull();
    }

    @Test
    void randomBytesNeverDoHarm() {
        Random random = new Random(42);
        byte[] alphabet = "{}[]\",:0123456789.eE+-truefalsn\\u \u00e4".getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] text = new byte[random.nextInt(24)];
            for (int i = 0; i < text.length; i++) {
                text[i] = alphabet[random.nextInt(alphabet.length)];
            }
            if (text.length > 0) {
                text[0] = '{';
            }
            Map<String, Object> read = MetadataJson.read(text);
            if (read != null) {
                assertThat(read).isNotNull();
            }
        }
    }

    @Test
    void nestingThatIsTooDeepIsNoMetadata() {
        assertThat(read("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"))
                .isNull();
    }

    @Test
    void theLastOfSeveralEqualKeysCounts() {
        assertThat(read("{\"a\":1,\"a\":2}")).isEqualTo(Map.of("a", 2));
    }

    @Test
    void whatIsReadIsImmutable() {
        Map<String, Object> metadata = read("{\"list\":[[1]],\"map\":{\"a\":{}}}");

        assertThat(metadata).isNotNull();
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> metadata.put("b", 1));
        List<?> list = (List<?>) metadata.get("list");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(list::clear);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(((List<?>) list.get(0))::clear);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(((Map<?, ?>) metadata.get("map"))::clear);
    }

    @Test
    void aRefusalNamesTheTypeAndWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> write(Map.of("a", Thread.currentThread())))
                .withMessageContaining("java.lang.Thread")
                .withMessageContaining("Convert it first");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> write(Map.of("a", Double.NEGATIVE_INFINITY)))
                .withMessageContaining("-Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> write(Map.of("a", Map.of(7, 1))))
                .withMessageContaining("not a String: 7");
    }

    @Test
    void aHundredLevelsAreDeepEnough() {
        assertThat(MetadataJson.normalize(Map.of("a", nested(99)))).isEqualTo(Map.of("a", nested(99)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> write(Map.of("a", nested(100))))
                .withMessageContaining("deeper than 100");
    }

    private static List<Object> nested(int levels) {
        List<Object> list = new ArrayList<>();
        return levels == 1 ? list : List.of(nested(levels - 1));
    }

    @Test
    void aMebibyteIsLargeEnough() {
        int frame = "{\"a\":\"\"}".length();

        assertThat(MetadataJson.write(Map.of("a", "x".repeat(1024 * 1024 - frame))))
                .hasSize(1024 * 1024);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> write(Map.of("a", "x".repeat(1024 * 1024 - frame + 1))))
                .withMessageContaining("at most 1048576 bytes, not 1048577");
    }

    @Test
    void whatCannotBeReadAgainIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MetadataJson.normalize(Map.of("a", new BigInteger("9".repeat(2_000)))))
                .withMessageContaining("cannot be read again");
    }
}
