// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.crash.QuickFolder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thread that is interrupted, as a request is that took too long: Java closes the file channels under its hands,
 * which must not be those that everybody shares.
 */
@Timeout(60)
class InterruptFaultTests {

    @TempDir(factory = QuickFolder.class)
    Path root;

    @Test
    void interruptedThreadWorksAndHarmsNobody() throws Exception {
        RootFiles files = new RootFiles(root);
        try (CacheManager manager = files.manager();
                CacheDirectory first = manager.create()) {
            // each of the stripes that metadata are locked by
            for (int i = 0; i < 40; i++) {
                Thread.currentThread().interrupt();
                try (CacheDirectory cache =
                        manager.create(CacheOptions.defaults().metadata("i", i))) {
                    cache.putMetadata("key", "value");
                    cache.lock(Duration.ofHours(1));
                    assertThat(cache.metadata()).containsEntry("key", "value").containsEntry("locked", true);
                    cache.unlock();
                    manager.attach(cache.id()).close();
                    assertThat(cache.resources()).isEmpty();
                }
                assertThat(manager.sweep().skipped()).isNull();
                assertThat(Thread.interrupted()).as("still interrupted").isTrue();
                first.putMetadata("i", i);
            }
            assertThat(manager.list()).hasSize(1);
            RootFiles.write(first, "a", "text");
            Thread.currentThread().interrupt();
        } finally {
            Thread.interrupted();
        }
        try (ChildJvm.Conversation other = OtherProcess.start(root)) {
            other.ask("sweep");
        }
        assertThat(RootFiles.names(files.caches())).isEmpty();
        assertThat(RootFiles.names(files.owners())).isEmpty();
    }

    @Test
    void firstUseInAnInterruptedThreadWorks() throws Exception {
        RootFiles files = new RootFiles(root);
        Thread.currentThread().interrupt();
        try (CacheManager manager = files.manager()) {
            CacheDirectory cache = manager.create();
            assertThat(Thread.interrupted()).isTrue();
            try (ChildJvm.Conversation other = OtherProcess.start(root)) {
                assertThat(other.ask("attach", cache.id())).isEqualTo("done");
                assertThat(other.ask("sweep")).contains("deadOwners=0", "references=0");
            }
            assertThat(files.cache(cache.id())).exists();
        } finally {
            Thread.interrupted();
        }
    }
}
