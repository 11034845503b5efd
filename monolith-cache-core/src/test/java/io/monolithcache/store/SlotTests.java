// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.monolithcache.store.index.EntryHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one process says, and what is made of it when it is dead. */
class SlotTests {

    private static final EntryHash HASH = EntryHash.ofKey("key");

    @TempDir
    Path folder;

    private Slot slot;

    @BeforeEach
    void mapSlot() throws IOException {
        slot = new Slot(SharedMemory.map(folder.resolve("board"), Slot.SIZE), 0);
    }

    @Test
    void aClaimCountsAtOnceAndIsSettledToWhatIsThere() {
        int intent = slot.open(8_192, 1);
        assertThat(slot.usage()).isEqualTo(new Usage(8_192, 1));
        slot.claim(intent, 12_288, 1);
        slot.begin(intent, HASH, Usage.NOTHING);
        assertThat(slot.usage()).isEqualTo(new Usage(12_288, 1));

        slot.settle(intent, new Usage(4_096, 1));

        assertThat(slot.usage()).isEqualTo(new Usage(4_096, 1));
        assertThat(slot.isBusy()).isFalse();
    }

    @Test
    void aReplacementCountsTheDifference() {
        int first = slot.open(4_096, 1);
        slot.begin(first, HASH, Usage.NOTHING);
        slot.settle(first, new Usage(4_096, 1));
        int second = slot.open(8_192, 1);
        slot.begin(second, HASH, new Usage(4_096, 1));
        assertThat(slot.usage()).isEqualTo(new Usage(12_288, 2));

        slot.settle(second, new Usage(8_192, 1));

        assertThat(slot.usage()).isEqualTo(new Usage(8_192, 1));
    }

    @Test
    void whatADeadOwnerHadNotBegunIsDropped() {
        int unused = slot.open(8_192, 1);

        slot.settleAll(hash -> {
            throw new AssertionError("there is nothing to look at");
        });

        assertThat(slot.usage()).isEqualTo(Usage.NOTHING);
    }

    @Test
    void whatADeadOwnerHadBegunIsWhatIsThere() {
        int done = slot.open(8_192, 1);
        slot.begin(done, HASH, Usage.NOTHING);
        int undone = slot.open(4_096, 1);
        slot.begin(undone, EntryHash.ofKey("undone"), new Usage(16_384, 1));
        List<EntryHash> asked = new ArrayList<>();

        slot.settleAll(hash -> {
            asked.add(hash);
            return hash.equals(HASH) ? new Usage(8_192, 1) : new Usage(16_384, 1);
        });

        assertThat(asked).containsExactlyInAnyOrder(HASH, EntryHash.ofKey("undone"));
        assertThat(slot.usage()).isEqualTo(new Usage(8_192, 1));
        assertThat(slot.isBusy()).isFalse();
    }

    @Test
    void thereIsAnEndToIntents() {
        for (int intent = 0; intent < Slot.INTENTS; intent++) {
            assertThat(slot.open(1, 1)).isEqualTo(intent);
        }
        assertThatIllegalStateException().isThrownBy(() -> slot.open(1, 1));
        slot.drop(7);
        assertThat(slot.open(1, 1)).isEqualTo(7);
    }

    @Test
    void countingReplacesWhatWasCounted() {
        slot.count(new Usage(100, 3));
        slot.count(new Usage(50, 1));

        assertThat(slot.usage()).isEqualTo(new Usage(50, 1));
    }

    @Test
    void aSlotThatIsClearedIsNobodys() {
        slot.setOwner("4711-1-2");
        int pins = slot.pin(HASH, 1);
        slot.raise(3, true);
        slot.setLoad(2, 99);
        slot.setDirtySince(5);
        assertThat(pins).isEqualTo(1);
        assertThat(slot.owner()).isEqualTo("4711-1-2");
        assertThat(slot.isPinned(HASH)).isTrue();
        assertThat(slot.isRaised(3)).isTrue();
        assertThat(slot.loads(99)).isTrue();
        assertThat(slot.isBusy()).isTrue();

        slot.clear();

        assertThat(slot.owner()).isEmpty();
        assertThat(slot.isPinned(HASH)).isFalse();
        assertThat(slot.isRaised(3)).isFalse();
        assertThat(slot.loads(99)).isFalse();
        assertThat(slot.isBusy()).isFalse();
    }
}
