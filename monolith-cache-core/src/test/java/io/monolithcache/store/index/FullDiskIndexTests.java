// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Indexes that may grow no more. A limit for the sizes of files stands for the disk: it needs no rights. It is larger
 * than the library that SQLite's driver unpacks.
 */
class FullDiskIndexTests {

    @TempDir
    Path folder;

    @Test
    void aFullDiskIsAnErrorThatLeavesWhatWasApplied() throws Exception {
        IndexProcess process =
                IndexProcess.start(List.of("sh", "-c", "ulimit -f 3000 && exec \"$@\"", "limited"), "fill", folder);
        assertThat(process.awaitEnd()).as("after %s", process.lines()).isZero();

        assertThat(process.lines()).hasSize(3);
        assertApplied(process.lines().get(0), SqliteIndex.FORMAT);
        assertApplied(process.lines().get(1), JsonIndex.FORMAT);
        assertApplied(process.lines().get(2), CsvIndex.FORMAT);
    }

    private void assertApplied(String line, EntryIndex.Format format) throws IOException {
        String[] words = line.split(" ");
        assertThat(words).as(line).startsWith(format.name(), "IOException");
        long batches = Long.parseLong(words[2]);
        assertThat(batches).isPositive();
        assertThat(Long.parseLong(words[3])).isEqualTo(batches);
        try (EntryIndex index = format.open(folder)) {
            assertThat(index.totals().entries()).isEqualTo(batches * 1_000);
            index.apply(EntryIndexContract.batch("later", 0));
            assertThat(Entries.all(index)).hasSize((int) batches * 1_000 + 10);
        }
    }
}
