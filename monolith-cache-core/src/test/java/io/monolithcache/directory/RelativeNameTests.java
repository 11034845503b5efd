// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelativeNameTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a/b/c",
                " ",
                ".hidden",
                "..a",
                "...",
                "a..",
                "back\\slash",
                "..\\a",
                "C:\\a",
                "%2e%2e",
                "ä",
                "nested/meta.json",
                "meta.json.bak",
                "xmeta.json",
                "nested/.wiping",
                ".wiping.bak"
            })
    void anyOtherNameIsFine(String name) {
        assertThat(new RelativeName(name)).hasToString(name);
    }

    @Test
    void thePartsAreBetweenTheSlashes() {
        assertThat(new RelativeName("a/b c/d").parts()).containsExactly("a", "b c", "d");
        assertThat(new RelativeName("a").parts()).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    ""               | it has 0 characters
                    /                | it is absolute or has an empty part
                    /a               | it is absolute or has an empty part
                    a/               | it is absolute or has an empty part
                    a//b             | it is absolute or has an empty part
                    .                | it contains '.'
                    ..               | it contains '..'
                    a/../b           | it contains '..'
                    ../a             | it contains '..'
                    a/.              | it contains '.'
                    meta.json        | meta.json is reserved
                    Meta.JSON        | meta.json is reserved
                    meta.json/a      | meta.json is reserved
                    .wiping          | .wiping is reserved
                    .Wiping          | .wiping is reserved
                    .wiping/a        | .wiping is reserved
                    """)
    void aRefusalTellsItsReason(String name, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RelativeName(name))
                .withMessageContaining(reason);
    }

    @Test
    void nulIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RelativeName("a\0b"))
                .withMessageContaining("NUL");
    }

    @Test
    void aNameHasALength() {
        assertThat(new RelativeName("x".repeat(1024)).value()).hasSize(1024);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RelativeName("x".repeat(1025)))
                .withMessageContaining("1025 characters, not 1 to 1024");
    }
}
