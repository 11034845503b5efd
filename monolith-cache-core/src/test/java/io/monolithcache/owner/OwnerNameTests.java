// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.owner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerNameTests {

    @Test
    void aFreshNameIsOfThisProcessAndUnique() {
        OwnerName fresh = OwnerName.fresh();

        assertThat(fresh.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(fresh.startedAt())
                .isEqualTo(ProcessHandle.current()
                        .info()
                        .startInstant()
                        .orElseThrow()
                        .toEpochMilli());
        assertThat(fresh.isOfThisProcess()).isTrue();
        assertThat(OwnerName.fresh()).isNotEqualTo(fresh);
    }

    @Test
    void aNameComesBackFromItsText() {
        OwnerName name = new OwnerName(4711, 1_795_178_595_000L, "5f0c7a9be21d4c36");

        assertThat(name).hasToString("4711-1795178595000-5f0c7a9be21d4c36");
        assertThat(OwnerName.parse(name.toString())).contains(name);
        assertThat(OwnerName.parse(OwnerName.fresh().toString())).isPresent();
    }

    @Test
    void thePidAloneSaysNothing() {
        OwnerName fresh = OwnerName.fresh();

        assertThat(new OwnerName(fresh.pid(), fresh.startedAt() + 1, fresh.random()).isOfThisProcess())
                .isFalse();
        assertThat(new OwnerName(fresh.pid() + 1, fresh.startedAt(), fresh.random()).isOfThisProcess())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "locked",
                ".new-4711-1795178595000-5f0c7a9be21d4c36",
                "4711-1795178595000",
                "4711-1795178595000-5f0c7a9be21d4c3",
                "4711-1795178595000-5f0c7a9be21d4c366",
                "4711-1795178595000-5F0C7A9BE21D4C36",
                "-1-1795178595000-5f0c7a9be21d4c36",
                "٤-1795178595000-5f0c7a9be21d4c36",
                "9999999999999999999-1-5f0c7a9be21d4c36",
                "4711-1795178595000-5f0c7a9be21d4c36\n"
            })
    void anythingElseIsNoName(String text) {
        assertThat(OwnerName.parse(text)).isEmpty();
    }
}
