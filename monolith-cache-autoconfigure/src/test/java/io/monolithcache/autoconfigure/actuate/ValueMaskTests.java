// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.monolithcache.directory.CacheOwner;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValueMaskTests {

    private static final Instant SINCE = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void whatIsShownIsUnchanged() {
        Map<String, Object> values = Map.of("job", 42, "tags", List.of("a", "b"));
        assertThat(ValueMask.SHOWN.values(values)).isEqualTo(values);
    }

    @Test
    void aMaskHidesTheTypeAndTheDepthOfAValueToo() {
        assertThat(ValueMask.MASKED.values(Map.of("job", 42, "customer", Map.of("name", "Ada"))))
                .containsOnly(entry("job", "******"), entry("customer", "******"));
    }

    @Test
    void anOwnerOnAnotherHostIsShownWithItsHost() {
        assertThat(ValueMask.SHOWN.owners(List.of(new CacheOwner("42-1-x", "node-1", 42, SINCE))))
                .containsExactly(Map.of("name", "42-1-x", "host", "node-1", "pid", 42L, "since", SINCE));
    }

    @Test
    void anOwnerIsMaskedFieldByField() {
        assertThat(ValueMask.MASKED.owners(List.of(new CacheOwner("42-1-x", "node-1", 42, SINCE))))
                .containsExactly(Map.of("name", "******", "host", "******", "pid", "******", "since", "******"));
    }

    @Test
    void onOneMachineAnOwnerHasNoHost() {
        assertThat(ValueMask.MASKED.owners(List.of(new CacheOwner("42-1-x", null, 42, SINCE))))
                .containsExactly(Map.of("name", "******", "pid", "******", "since", "******"));
    }
}
