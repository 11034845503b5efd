// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.s3.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** A process that stands still, or is killed, and holds directories in a bucket: its lease says how long it lives. */
@Tag("crash")
@Timeout(120)
@ExtendWith(S3Server.Started.class)
class S3PauseTests {

    /** A lease, what the store's rounding adds, the horizon, and a busy machine. */
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir(factory = QuickFolder.class)
    Path folder;

    private S3Setup setup;
    private S3Client client;
    private S3Remains remains;

    @BeforeEach
    void open(S3Server server) {
        setup = new S3Setup(server.port(), server.bucket());
        client = server.client();
        remains = new S3Remains(client, setup.bucket());
    }

    @AfterEach
    void close() {
        client.close();
    }

    private Talk process() throws IOException {
        return process(setup);
    }

    private Talk process(S3Setup setup) throws IOException {
        return new Talk(folder.resolve("root"), setup.word());
    }

    /** On another server. */
    private CacheManager other() {
        return other(setup);
    }

    private CacheManager other(S3Setup setup) {
        return setup.quietly(CacheManager.builder().root(folder.resolve("another")), client)
                .build();
    }

    @Test
    void whoStandsStillForLessThanItsLeaseKeepsItsCaches() throws Exception {
        // which a busy machine does not let pass meanwhile
        S3Setup patient = new S3Setup(setup.port(), setup.bucket(), Duration.ofSeconds(60));
        try (Talk process = process(patient);
                CacheManager other = other(patient)) {
            CacheId id = CacheId.of(process.ask("create"));
            process.process().signal("STOP");

            assertThat(other.sweep().deadOwners()).isZero();
            assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> other.evict(id));
            process.process().signal("CONT");

            assertThat(process.ask("write still-here")).isEqualTo("done");
            assertThat(process.ask("exists still-here")).isEqualTo("true");
            assertThat(process.ask("release")).isEqualTo("done");
            assertThat(other.find(id)).isEmpty();
        }
    }

    @Test
    void whoStandsStillForLongerLosesThemAndLearnsIt() throws Exception {
        try (Talk process = process();
                CacheManager other = other()) {
            CacheId id = CacheId.of(process.ask("create"));
            process.process().signal("STOP");
            await().atMost(LONG).untilAsserted(() -> {
                other.sweep();
                assertThat(other.find(id)).isEmpty();
            });

            process.process().signal("CONT");

            assertThat(process.ask("exists still-here")).contains("CacheLostException");
            CacheId next = CacheId.of(process.ask("create"));
            assertThat(other.find(next).orElseThrow().owners()).hasSize(1);
        }
    }

    @Test
    void whoStandsStillAndIsKilledLeavesNothing() throws Exception {
        try (Talk process = process()) {
            String unused = process.ask("create");
            assertThat(process.ask("write a-file")).isEqualTo("done");
            process.process().signal("STOP");
        }

        try (CacheManager other = other()) {
            await().atMost(LONG).untilAsserted(() -> {
                other.sweep();
                assertThat(remains.violationsInTheEnd(locked -> false)).isEmpty();
            });
        }
    }

    /** What it had downloaded lies in a directory on its own disk, which goes with the next sweep of that. */
    @Test
    void whoIsKilledLeavesNoCopiesToTheNextProcess() throws Exception {
        Path copy;
        try (Talk process = process()) {
            String unused = process.ask("create");
            assertThat(process.ask("write a-file")).isEqualTo("done");
            copy = Path.of(process.ask("download a-file"));
            assertThat(copy).exists();
        }
        assertThat(copy).exists();

        try (CacheManager next =
                CacheManager.builder().root(folder.resolve("root")).build()) {
            next.sweep();
            await().untilAsserted(() -> assertThat(copy).doesNotExist());
        }
    }
}
