// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.CacheRootException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Makes a folder read-only and writable again, in a mount namespace of this process. */
final class ReadOnlyScenario {

    private static final Duration INTERVAL = Duration.ofMillis(50);

    private final Path folder;
    private final RootFiles files;

    private ReadOnlyScenario(Path folder) {
        this.folder = folder;
        this.files = new RootFiles(folder);
    }

    public static void main(String[] arguments) throws Exception {
        LogLines.quiet();
        ReadOnlyScenario scenario = new ReadOnlyScenario(Path.of(arguments[0]));
        scenario.startIsRefused();
        scenario.operationsFailClearlyAndReleasesAreToldLater();
        scenario.backgroundTellsReleasesLaterAndDoesNotSpin();
        scenario.closingDoesNotThrowAndOthersCleanUp();
    }

    private void startIsRefused() throws Exception {
        MountNamespace.seal(folder);
        assertRefused();
        MountNamespace.unseal(folder);
        try (CacheManager manager = files.manager()) {
            manager.create().close();
        }
        MountNamespace.seal(folder);
        assertRefused();
        MountNamespace.unseal(folder);
    }

    private void assertRefused() {
        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(files::manager)
                .withMessageContaining("read-only")
                .satisfies(refused -> assertThat(refused.action()).contains("monolith.cache.local.path"));
    }

    private void operationsFailClearlyAndReleasesAreToldLater() throws Exception {
        try (CacheManager manager = files.manager();
                CacheManager other = files.manager()) {
            CacheDirectory held = manager.create(CacheOptions.defaults().metadata("key", "value"));
            RootFiles.write(held, "kept.txt", "kept");
            CacheDirectory released = manager.create();
            CacheDirectory locked = manager.create(CacheOptions.defaults().locked());
            locked.close();
            CacheDirectory shared = other.create();
            manager.attach(shared.id()).close();

            MountNamespace.seal(folder);
            for (int attempt = 0; attempt < 40; attempt++) {
                saysWhatToDo(manager::create);
            }
            assertThatExceptionOfType(CacheRootException.class)
                    .isThrownBy(manager::status)
                    .withMessageContaining("is read-only for this process");
            saysWhatToDo(() -> manager.attach(shared.id()));
            saysWhatToDo(() -> held.putMetadata("key", "new"));
            saysWhatToDo(() -> held.removeMetadata("key"));
            saysWhatToDo(() -> RootFiles.write(held, "kept.txt", "new"));
            saysWhatToDo(() -> held.upload(files.metadata(held.id()), "uploaded"));
            saysWhatToDo(() -> held.delete("kept.txt"));
            saysWhatToDo(held::lock);
            saysWhatToDo(() -> manager.unlock(locked.id()));
            saysWhatToDo(() -> manager.evict(locked.id()));
            saysWhatToDo(() -> manager.evictForcibly(locked.id()));
            assertThat(held.metadata()).containsEntry("key", "value").containsEntry("locked", false);
            assertThat(RootFiles.read(held, "kept.txt")).isEqualTo("kept");
            assertThat(held.resources()).containsExactly("kept.txt");
            assertThat(manager.list(null, 10)).hasSize(4);
            assertThat(manager.find(locked.id()))
                    .hasValueSatisfying(found -> assertThat(found.locked()).isTrue());
            assertThatCode(released::close).doesNotThrowAnyException();
            assertThat(catchThrowable(manager::sweep)).isNull();
            MountNamespace.unseal(folder);

            assertThat(files.cache(released.id())).exists();
            manager.sweep();
            assertThat(files.cache(released.id())).doesNotExist();
            assertThat(files.refs(released.id())).doesNotExist();
            held.putMetadata("key", "new");
            RootFiles.write(held, "kept.txt", "new");
            assertThat(manager.unlock(locked.id())).isTrue();
            manager.create().close();
            assertThat(manager.status().inUse()).isTrue();
        }
        assertNothingIsLeft();
    }

    private void backgroundTellsReleasesLaterAndDoesNotSpin() throws Exception {
        try (CacheManager manager = files.builder().sweepInterval(INTERVAL).build();
                LogLines log = new LogLines()) {
            CacheDirectory released = manager.create();
            // of another owner, so that a sweep has work to do
            Path dead = Files.createFile(files.owners().resolve("4711-1795178595000-0123456789abcdef"));
            await().until(() -> !Files.exists(dead));
            MountNamespace.seal(folder);
            long start = System.nanoTime();
            released.close();
            await().until(() -> log.lines().size() > 3);
            int lines = log.lines().size();
            long sweeps = (System.nanoTime() - start) / INTERVAL.toNanos() + 2;
            assertThat((long) lines).as("log lines in %s sweeps", sweeps).isLessThan(3 * sweeps + 2);
            MountNamespace.unseal(folder);
            await().until(() -> !Files.exists(files.cache(released.id())));
            assertThat(files.refs(released.id())).doesNotExist();
        }
        assertNothingIsLeft();
    }

    private void closingDoesNotThrowAndOthersCleanUp() throws Exception {
        CacheManager manager = files.manager();
        CacheDirectory left = manager.create();
        CacheDirectory locked = manager.create(CacheOptions.defaults().locked());
        MountNamespace.seal(folder);
        assertThatCode(manager::close).doesNotThrowAnyException();
        MountNamespace.unseal(folder);
        try (ChildJvm.Conversation other = OtherProcess.start(folder)) {
            assertThat(other.ask("sweep")).contains("references=2", "directories=1");
        }
        assertThat(files.cache(left.id())).doesNotExist();
        assertThat(files.cache(locked.id())).exists();
        assertThat(RootFiles.names(files.owners())).isEmpty();
        assertThat(RootFiles.names(files.prepared())).isEmpty();
    }

    private static void saysWhatToDo(ThrowingCallable operation) {
        assertThat(catchThrowable(operation))
                .hasMessageContaining("Read-only file system")
                .hasMessageContaining("Make that file system writable")
                .hasMessageContaining("monolith.cache.local.path");
    }

    private void assertNothingIsLeft() throws IOException {
        for (Path place : List.of(files.caches(), files.refs(), files.owners(), files.prepared(), files.trash())) {
            assertThat(RootFiles.names(place)).as(place.toString()).isEmpty();
        }
    }
}
