// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagTextTests {

    @Test
    void tagsComeInTheirOrder() {
        assertThat(TagText.write(Set.of("hot", "green", "a;b", "c\\"))).isEqualTo("a\\;b;c\\\\;green;hot;");
        assertThat(TagText.write(Set.of())).isEmpty();
        assertThat(TagText.write(Set.of(""))).isEqualTo(";");
    }

    @Test
    void tagsComeBack() {
        Set<String> tags = Set.of("", ";", "\\", "\\;", "a\nb", "\uD83D\uDE00");

        assertThat(TagText.read(TagText.write(tags))).isEqualTo(tags);
        assertThat(TagText.read("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"green", "green;hot", "\\", "green\\;"})
    void whatDoesNotEndIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TagText.read(text));
    }
}
