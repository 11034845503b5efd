// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.s3.CacheState.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheStateTests {

    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");

    private final CacheState state = CacheState.created("one", "host", Map.of("a", 1L));

    @Test
    void whatIsAsItShouldBeIsTheSame() {
        assertThat(state.with("one", "host")).isSameAs(state);
        assertThat(state.without(List.of("other"))).isSameAs(state);
        assertThat(state.unlocked()).isSameAs(state);
        assertThat(state.wipingIfUnneeded(NOW)).isSameAs(state);
        CacheState locked = state.locked(NOW);
        assertThat(locked.locked(NOW.minusSeconds(1))).isSameAs(locked);
        assertThat(locked.withoutEndedLock(NOW.minusSeconds(1))).isSameAs(locked);
    }

    @Test
    void aLockNeverShortensAnother() {
        assertThat(state.locked(NOW).locked(NOW.plusSeconds(1)).lockedUntil()).isEqualTo(NOW.plusSeconds(1));
        assertThat(state.locked(CacheState.FOR_EVER).locked(NOW).lockedUntil()).isEqualTo(CacheState.FOR_EVER);
    }

    @Test
    void aLockEndsAtItsTime() {
        CacheState alone = state.without(List.of("one")).locked(NOW);

        assertThat(alone.wipingIfUnneeded(NOW.minusMillis(1)).isLive()).isTrue();
        assertThat(alone.wipingIfUnneeded(NOW).phase()).isEqualTo(Phase.WIPING);
        assertThat(alone.withoutEndedLock(NOW).lockedUntil()).isNull();
    }

    @Test
    void theLastToGoLeavesNothingButThatItIsBeingWiped() {
        CacheState shared = state.with("two", "host");

        assertThat(shared.without(List.of("one")).wipingIfUnneeded(NOW).isLive())
                .isTrue();
        assertThat(shared.without(List.of("one", "two")).wipingIfUnneeded(NOW))
                .isEqualTo(new CacheState(Phase.WIPING, Map.of(), null, Map.of()));
    }
}
