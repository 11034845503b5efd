// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.monolithcache.directory.CacheUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class WipeMarkTests {

    private static final int WIPERS = 4;
    private static final int TIMES = 500;

    @TempDir
    Path folder;

    private Path cache;
    private Path marks;

    @BeforeEach
    void makeCache() throws IOException {
        cache = Files.createDirectory(folder.resolve("cache"));
        marks = cache.resolve(".wiping");
    }

    private static List<String> namesIn(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    @Test
    void eachWiperHasAFileOfItsOwnAndTheFolderGoesWithTheLast() throws IOException {
        assertThat(WipeMark.set(cache, "first")).isTrue();
        assertThat(WipeMark.set(cache, "first")).isTrue();
        assertThat(WipeMark.set(cache, "second")).isTrue();
        assertThat(namesIn(marks)).containsExactlyInAnyOrder("first", "second");

        WipeMark.unset(cache, "first");
        assertThat(WipeMark.isSet(cache)).isTrue();
        assertThat(namesIn(marks)).containsExactly("second");

        WipeMark.unset(cache, "second");
        assertThat(WipeMark.isSet(cache)).isFalse();
        assertThat(namesIn(cache)).isEmpty();
    }

    @Test
    void whatIsNotThereCannotBeMarked() throws IOException {
        Path nothing = folder.resolve("nothing");

        assertThat(WipeMark.set(nothing, "wiper")).isFalse();
        assertThat(WipeMark.isSet(nothing)).isFalse();
        assertThatNoException().isThrownBy(() -> WipeMark.unset(nothing, "wiper"));
        assertThatNoException().isThrownBy(() -> WipeMark.clearBit(nothing));
        assertThat(nothing).doesNotExist();
    }

    @Test
    void aFileInItsPlaceIsAMarkThatNoWiperTakesAway() throws IOException {
        Files.writeString(marks, "somebody's");

        assertThat(WipeMark.set(cache, "wiper")).isTrue();
        WipeMark.unset(cache, "wiper");

        assertThat(WipeMark.isSet(cache)).isTrue();
        assertThat(marks).hasContent("somebody's");
    }

    @Test
    void aLinkInItsPlaceIsAMarkAndIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createFile(outside.resolve("wiper"));
        Files.createSymbolicLink(marks, outside);

        assertThat(WipeMark.set(cache, "wiper")).isTrue();
        assertThat(WipeMark.set(cache, "another")).isTrue();
        WipeMark.unset(cache, "wiper");

        assertThat(WipeMark.isSet(cache)).isTrue();
        assertThat(marks).isSymbolicLink();
        assertThat(namesIn(outside)).containsExactly("wiper");
    }

    @Test
    void aLinkToNothingIsAMarkToo() throws IOException {
        Files.createSymbolicLink(marks, folder.resolve("nothing"));

        assertThat(WipeMark.isSet(cache)).isTrue();
        assertThat(WipeMark.set(cache, "wiper")).isTrue();
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    /** As a wiper leaves it that dies between its two steps. */
    @Test
    void anEmptyFolderIsAMark() throws IOException {
        Files.createDirectory(marks);

        assertThat(WipeMark.isSet(cache)).isTrue();
        assertThat(WipeMark.set(cache, "wiper")).isTrue();
        assertThat(namesIn(marks)).containsExactly("wiper");
    }

    @Test
    void theBitIsAMarkThatStaysWhenAWiperGivesUp() throws IOException {
        Files.setAttribute(cache, "unix:mode", 0_4700);

        WipeMark.unset(cache, "wiper");
        assertThat(WipeMark.isSet(cache)).isTrue();

        WipeMark.clearBit(cache);
        assertThat(WipeMark.isSet(cache)).isFalse();
        assertThat(Files.getAttribute(cache, "unix:mode")).isEqualTo(0_40700);
    }

    /** A folder goes with the mark of one wiper while another is about to put his into it. */
    @Test
    @Timeout(60)
    void whoeverHasMarkedSeesAMarkWhateverOthersTakeAway() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WIPERS);
        try {
            List<Callable<Integer>> wipers = new ArrayList<>();
            for (int number = 0; number < WIPERS; number++) {
                String wiper = "wiper-" + number;
                wipers.add(() -> timesThatItSawItsMark(wiper));
            }
            for (Future<Integer> seen : threads.invokeAll(wipers)) {
                assertThat(seen.get()).isEqualTo(TIMES);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(WipeMark.isSet(cache)).isFalse();
    }

    private int timesThatItSawItsMark(String wiper) throws IOException {
        int seen = 0;
        for (int time = 0; time < TIMES; time++) {
            assertThat(WipeMark.set(cache, wiper)).isTrue();
            if (WipeMark.isSet(cache) && Files.exists(marks.resolve(wiper))) {
                seen++;
            }
            WipeMark.unset(cache, wiper);
        }
        return seen;
    }

    @Test
    void marksAreNoneOfTheFilesOfACache() throws IOException {
        CacheFiles files = new CacheFiles(cache);
        WipeMark.set(cache, "first");
        long before = files.changes();

        WipeMark.set(cache, "second");

        assertThat(files.changes()).isEqualTo(before);
        assertThat(files.usage()).isEqualTo(new CacheUsage(0, 0));
        try (Stream<String> names = files.names()) {
            assertThat(names).isEmpty();
        }
    }
}
