// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.monolithcache.sample.DeskClient.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * No space left, at each place where it shows. The disk is a small tmpfs that only the process sees, in a mount
 * namespace of its own, which takes root.
 */
@TestMethodOrder(OrderAnnotation.class)
class FullDiskTests {

    private static final String TABLE = "a,b\n1,2\n";
    private static final int MEGABYTE = 1_000_000;

    private static DeskProcess desk;
    private static Path root;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Process attempt = new ProcessBuilder("sh", "-c", "unshare -m mount -t tmpfs tmpfs /mnt")
                .redirectErrorStream(true)
                .start();
        String answer = new String(attempt.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (attempt.waitFor() != 0) {
            String reason = "No small disk can be mounted here: " + answer.strip();
            System.out.println("FullDiskTests are skipped. " + reason);
            abort(reason);
        }
        root = Files.createDirectories(folder.resolve("root"));
        desk = DeskProcess.start(
                List.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=200m tmpfs '" + root + "' && exec \"$@\"",
                        "sh"),
                folder);
    }

    @AfterAll
    static void stop() {
        if (desk != null) {
            desk.close();
        }
    }

    /** First, because a library that is loaded stays. */
    @Test
    @Order(1)
    void noSpaceForDuckDbsLibraryIs507() throws Exception {
        leaveFree(20);

        assertNoSpace(desk.client().upload("a.csv", TABLE));

        await("nothing is left of the request").until(() -> directories().isEmpty());
    }

    @Test
    @Order(2)
    void anUploadThatIsLargerThanTheDiskIs507() throws Exception {
        leaveFree(5);

        assertNoSpace(desk.client().upload("large.csv", table(9)));

        await("nothing is left of the request").until(() -> directories().isEmpty());
    }

    @Test
    @Order(3)
    void noSpaceForTheParquetFileIs507AndTheNextUploadSucceeds() throws Exception {
        leaveFree(100);
        desk.client().newJob("a.csv", TABLE);
        leaveFree(10);

        assertNoSpace(desk.client().upload("large.csv", table(9)));

        await("DuckDB's library and a job").until(() -> directories().size() == 2);
        // what is wiped gives its space back a moment later, in the background
        await().untilAsserted(() -> desk.client().newJob("a.csv", TABLE));
    }

    private static void leaveFree(int megabytes) throws IOException {
        Path ballast = mounted().resolve("ballast");
        Files.deleteIfExists(ballast);
        long free = Files.getFileStore(mounted()).getUsableSpace();
        try (OutputStream out = Files.newOutputStream(ballast)) {
            byte[] block = new byte[MEGABYTE];
            for (long written = 0; written < free - (long) megabytes * MEGABYTE; written += block.length) {
                out.write(block);
            }
        }
    }

    /** Numbers that no compression makes smaller than a third. */
    private static String table(int megabytes) {
        Random random = new Random(1);
        return "number\n"
                + IntStream.range(0, megabytes * 50_000)
                        .mapToObj(i -> Long.toString(1_000_000_000_000_000_000L + random.nextLong(1L << 62)))
                        .collect(Collectors.joining("\n"));
    }

    private static void assertNoSpace(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(507);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("detail").asString()).contains("no space left on the disk");
    }

    private static List<String> directories() throws IOException {
        try (Stream<Path> directories = Files.list(mounted().resolve("monolith-cache/caches"))) {
            return directories.map(path -> path.getFileName().toString()).toList();
        }
    }

    /** The root as the process sees it. */
    private static Path mounted() {
        return Path.of("/proc", Long.toString(desk.pid()), "root", root.toString());
    }
}
