// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.store.index.SqliteIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is hard to see from outside. */
class StoreInternalsTests {

    @TempDir
    Path folder;

    private StoreBuilder builder() {
        return Store.in(folder.resolve("store")).index(SqliteIndex.FORMAT);
    }

    @Test
    void whatWasSeenOftenIsForgottenByHalves() {
        FrequencySketch sketch = new FrequencySketch(64);
        for (int time = 0; time < 12; time++) {
            sketch.increment(7);
        }
        assertThat(sketch.frequency(7)).isEqualTo(12);
        for (int other = 0; other < 640; other++) {
            sketch.increment(1_000);
        }

        assertThat(sketch.frequency(7)).isLessThan(12);
    }

    @Test
    void aDiskThatIsFullOnceIsMadeRoomOn() {
        try (Store store = builder().open()) {
            for (int key = 0; key < 5; key++) {
                store.put("key" + key, Content.of(new byte[10]));
            }
            AtomicInteger times = new AtomicInteger();
            Content full = () -> {
                if (times.incrementAndGet() == 1) {
                    throw new IOException("No space left on device");
                }
                return new ByteArrayInputStream(new byte[10]);
            };

            assertThat(store.put("new", full)).isTrue();

            assertThat(store.status().evictions().get(EvictionCause.SPACE)).isEqualTo(5);
            assertThat(store.status().entries()).isEqualTo(1);
        }
    }

    @Test
    void aDiskThatStaysFullTakesNothing() {
        try (Store store = builder().open()) {
            Content full = () -> {
                throw new IOException("Disk quota exceeded");
            };
            assertThat(store.put("one", full)).isFalse();
            store.put("another", Content.of(new byte[10]));
            assertThat(store.put("one", full)).isFalse();
            store.put("another", Content.of(new byte[10]));
            AtomicInteger times = new AtomicInteger();
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.put("one", () -> {
                        throw new IOException(times.incrementAndGet() == 1 ? "No space left" : "something else");
                    }));
            assertThat(store.status().rejected()).isEqualTo(2);
        }
    }

    @Test
    void lengthsThatDoNotAddUpAreCorrupt() {
        ByteBuffer end = new ValueFormat.Trailer("key", Set.of(), 0, 5, 0).encode();
        for (int at : new int[] {16, 20}) {
            ByteBuffer wrong =
                    ByteBuffer.allocate(end.limit()).put(end.duplicate()).flip();
            wrong.putInt(end.limit() - ValueFormat.FOOTER + at, -1);
            assertThatExceptionOfType(ValueFormat.CorruptException.class)
                    .isThrownBy(() -> ValueFormat.trailerLength(wrong, 5 + end.limit()));
        }
        assertThatExceptionOfType(ValueFormat.CorruptException.class)
                .isThrownBy(() -> ValueFormat.trailerLength(ByteBuffer.allocate(3), 3));
    }

    @Test
    void aLongValueIsVerifiedTooUnlessNever() throws IOException {
        Path file;
        try (Store store = builder().open()) {
            store.put("key", Content.of(new byte[2_000_000]));
            String hash = store.entries().findFirst().orElseThrow().hash();
            file = folder.resolve("store/content/" + hash.substring(0, 2) + "/" + hash + ".v");
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[1_000_000] ^= 1;
        Files.write(file, bytes);
        try (Store store = builder().verification(Verification.NEVER).open();
                Entry entry = store.find("key").orElseThrow()) {
            assertThat(entry.length()).isEqualTo(2_000_000);
        }
        try (Store store = builder().open()) {
            assertThat(store.find("key")).isEmpty();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void aReportNamesAHundredAndCountsAll() {
        try (Store store = builder().open()) {
            for (int key = 0; key < 120; key++) {
                store.put("key" + key, Content.of(new byte[10]));
            }
            EvictionReport report = store.evict(Store.Selection.ALL, true);
            assertThat(report.entries()).isEqualTo(120);
            assertThat(report.first()).hasSize(100);
            assertThat(store.wouldEvict(0).entries()).isZero();
        }
    }

    @Test
    void whoeverIsShortOfRoomWaitsForWhatOthersJustWrote() {
        StoreLimits limits = StoreLimits.NONE.withEntries(2);
        try (Store one = builder().limits(limits).open();
                Store two = builder().limits(limits).open()) {
            one.put("locked", Content.of(new byte[10]));
            one.lock("locked");
            one.put("also locked", Content.of(new byte[10]));
            one.lock("also locked");

            assertThat(two.put("key", Content.of(new byte[10]))).isFalse();
            assertThat(one.status().entries()).isEqualTo(2);
        }
    }
}
