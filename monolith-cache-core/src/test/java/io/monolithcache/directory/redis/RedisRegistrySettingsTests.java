// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisRegistrySettingsTests {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "{a}", "ä"})
    void aNamespaceHasLettersDigitsAndAFewOthers(String namespace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisRegistrySettings(namespace, LEASE, TIMEOUT))
                .withMessageContaining("'" + namespace + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.299S", "P1DT1S"})
    void aLeaseOutOfItsRangeIsRefused(Duration lease) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RedisRegistrySettings("shop", lease, TIMEOUT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT11S"})
    void aCommandHasAThirdOfTheLeaseAtMost(Duration timeout) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RedisRegistrySettings("shop", LEASE, timeout));
    }

    @Test
    void whatIsInTheRangeIsTaken() {
        assertThat(new RedisRegistrySettings("shop.eu-1:a_b", LEASE, Duration.ofSeconds(10)).lease())
                .isEqualTo(LEASE);
    }
}
