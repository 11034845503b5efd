// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What uploads are called. */
class UploadNameTests {

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "a.csv, a.csv",
                "../../etc/passwd, passwd",
                "C:\\Users\\me\\a.csv, a.csv",
                "'a\r\nb.csv', ab.csv",
                "/, upload",
                "'  ', upload",
                "null, upload"
            })
    void aNameIsMadeHarmless(String submitted, String name) {
        assertThat(UploadName.of(submitted)).isEqualTo(name);
    }

    @Test
    void aLongNameKeepsItsEnd() {
        assertThat(UploadName.of("x".repeat(1_000) + ".csv")).hasSize(200).endsWith("x.csv");
    }

    /** A pair of surrogates is one character; half of it is none. */
    @Test
    void aLongNameIsNotCutThroughACharacter() {
        assertThat(UploadName.of("😀".repeat(100) + "a.csv")).isEqualTo("😀".repeat(97) + "a.csv");
    }
}
