// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import static io.monolithcache.store.index.Entries.all;
import static io.monolithcache.store.index.Entries.entry;
import static io.monolithcache.store.index.Entries.keys;
import static io.monolithcache.store.index.Entries.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What every index does that is one text file. */
abstract class TextIndexContract extends EntryIndexContract {

    @Test
    void isNotSharedAndHasAName() {
        assertThat(format().isShared()).isFalse();
        assertThat(file()).endsWith("." + format().name());
    }

    @Test
    void aSecondOneInThisProcessIsRefused() throws IOException {
        assertThatIOException()
                .isThrownBy(this::openAnother)
                .withMessageContaining("open in this process already")
                .withMessageContaining("Choose the kind sqlite")
                .isNotInstanceOf(UnusableIndexException.class);

        index.apply(puts(entry("a")));
        reopen();
        assertThat(all(index)).hasSize(1);
    }

    @Test
    void whatIsOpenIsNotDeleted() throws IOException {
        index.apply(puts(entry("a")));

        assertThatIOException().isThrownBy(() -> format().delete(folder));

        assertThat(path()).exists();
    }

    @Test
    void onlyTheFileAndItsLockAreLeftAfterABatch() throws IOException {
        index.apply(puts(entry("a")));

        assertThat(folder.toFile().list()).containsExactlyInAnyOrder(file(), "index.lock");
    }

    @Test
    void aBatchThatCannotBeWrittenLeavesNothing() throws IOException {
        index.apply(puts(entry("a")));
        Path draft = Files.createDirectory(folder.resolve(file() + ".draft"));

        assertThatIOException()
                .isThrownBy(() -> index.apply(puts(entry("b"))))
                .isNotInstanceOf(UnusableIndexException.class);

        assertThat(keys(all(index))).containsExactly("a");
        Files.deleteIfExists(draft);
        index.apply(puts(entry("c")));
        reopen();
        assertThat(keys(all(index))).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void aFileThatIsRemovedWhileItIsOpenIsWrittenAgain() throws IOException {
        index.apply(puts(entry("a")));
        Files.delete(path());

        index.apply(puts(entry("b")));

        reopen();
        assertThat(keys(all(index))).containsExactlyInAnyOrder("a", "b");
    }
}
