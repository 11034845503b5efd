// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that people read. */
class CacheExceptionTests {

    private static final CacheId ID = CacheId.of("01arz3ndektsv4rrffq69g5fav");
    private static final Instant SINCE = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void inUseNamesTheHoldersAndWhatToDo() {
        List<CacheOwner> owners =
                List.of(new CacheOwner("a", null, 17, SINCE), new CacheOwner("b", "host.example.org", 18, SINCE));

        CacheInUseException inUse = new CacheInUseException(ID, owners);

        assertThat(inUse)
                .hasMessage("Cache " + ID + " is in use by process 17 (started 2026-11-20T12:00:00Z); "
                        + "host.example.org, process 18 (started 2026-11-20T12:00:00Z). "
                        + "Close it there, or evict it forcibly");
        assertThat(inUse.owners()).isEqualTo(owners);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> inUse.owners().clear());
    }

    @Test
    void inUseByNobodyKnownSaysThat() {
        assertThat(new CacheInUseException(ID, List.of()))
                .hasMessageContaining("in use by somebody who attached this instant");
    }

    @Test
    void notFoundAndLostNameTheCache() {
        assertThat(new CacheNotFoundException(ID)).hasMessageContaining(ID.value());
        assertThat(new CacheLostException(ID))
                .hasMessageContaining(ID.value())
                .hasMessageContaining("stood still for longer than its lease")
                .hasMessageContaining("create a new");
    }

    @Test
    void allHaveOneRoot() {
        assertThat(List.of(
                        new CacheNotFoundException(ID),
                        new CacheLostException(ID),
                        new CacheInUseException(ID, List.of()),
                        new CacheBackendException("disk", new IOException("full")),
                        new CacheRegistryException("Away.", "Bring it back.", new IOException("refused")),
                        new CacheRootException("Wrong.", "Do something.")))
                .allSatisfy(exception -> assertThat(exception).isInstanceOf(CacheException.class));
    }

    @Test
    void aSkippedSweepDidNothing() {
        assertThat(SweepReport.skipped("because"))
                .isEqualTo(new SweepReport("because", 0, 0, 0, 0, 0, java.time.Duration.ZERO));
    }
}
