// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.crash.QuickFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody removes {@code .monolith} or a part of it by hand: nobody knows then which caches are in use. */
@Tag("long")
@Timeout(60)
class MissingRegistryFaultTests {

    private static final String INTERNAL = ".monolith";
    private static final String FORMAT = ".monolith/format";
    private static final String REFS = ".monolith/refs";
    private static final String OWNERS = ".monolith/owners";

    @TempDir(factory = QuickFolder.class)
    Path root;

    private RootFiles files;

    @BeforeEach
    void nameFiles() {
        files = new RootFiles(root);
    }

    private CacheId createLocked() throws IOException {
        try (CacheManager manager = files.manager();
                CacheDirectory cache = manager.create(CacheOptions.defaults().locked())) {
            RootFiles.write(cache, "kept.txt", "kept");
            return cache.id();
        }
    }

    private void assertKept(CacheId... ids) {
        for (CacheId id : ids) {
            assertThat(files.cache(id).resolve("kept.txt")).hasContent("kept");
        }
    }

    private static void assertSaysWhatToDo(String message) {
        assertThat(message)
                .contains("missing")
                .contains("restore it")
                .contains("monolith.cache.local.orphans")
                .contains("lock")
                .contains("wipe");
    }

    @ParameterizedTest
    @ValueSource(strings = {INTERNAL, FORMAT, REFS, OWNERS})
    void startKeepsOrphansAndSaysWhatToDo(String removed) throws Exception {
        CacheId id = createLocked();
        RootFiles.remove(files.base().resolve(removed));
        try (LogLines log = new LogLines();
                CacheManager manager = files.manager()) {
            assertThat(log.lines()).anySatisfy(MissingRegistryFaultTests::assertSaysWhatToDo);
            assertThatExceptionOfType(CacheBackendException.class)
                    .isThrownBy(manager::create)
                    .satisfies(refused -> assertSaysWhatToDo(refused.getMessage()));
            assertThat(catchThrowable(() -> manager.attach(id))).isInstanceOf(CacheException.class);
            assertThat(catchThrowable(() -> manager.evict(id))).isInstanceOf(CacheException.class);
            assertThat(manager.sweep().skipped()).isNotNull();
            try (ChildJvm.Conversation other = OtherProcess.start(root)) {
                assertThat(other.ask("create")).startsWith("refused").contains("monolith.cache.local.orphans");
                assertThat(other.ask("sweep")).doesNotContain("skipped=null");
            }
            assertThatExceptionOfType(CacheBackendException.class).isThrownBy(manager::create);
            assertThat(manager.sweep().skipped()).isNotNull();
        }
        assertKept(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {INTERNAL, FORMAT, REFS, OWNERS})
    void startAdoptsOrphansAsLockedCaches(String removed) throws IOException {
        CacheId id = createLocked();
        RootFiles.remove(files.base().resolve(removed));
        try (CacheManager manager = files.builder().orphans(OrphanPolicy.LOCK).build()) {
            CacheDirectory fresh = manager.create();
            assertThat(manager.sweep().skipped()).isNull();
            assertKept(id);
            assertThat(manager.find(id)).hasValueSatisfying(found -> {
                assertThat(found.locked()).isTrue();
                assertThat(found.lockedUntil()).isNull();
                assertThat(found.references()).isZero();
            });
            assertThat(manager.list()).hasSize(2);
            manager.attach(id).close();
            assertKept(id);
            assertThat(manager.unlock(id)).isTrue();
            assertThat(files.cache(id)).doesNotExist();
            fresh.close();
        }
        try (CacheManager later = files.manager()) {
            assertThatCode(() -> later.create().close()).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {INTERNAL, FORMAT, REFS, OWNERS})
    void startWipesOrphansWhenToldTo(String removed) throws IOException {
        CacheId id = createLocked();
        Path foreign = Files.createDirectory(files.caches().resolve("not-an-id"));
        RootFiles.remove(files.base().resolve(removed));
        try (CacheManager manager = files.builder().orphans(OrphanPolicy.WIPE).build()) {
            CacheDirectory fresh = manager.create();
            assertThat(files.cache(id)).doesNotExist();
            assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.attach(id));
            assertThat(manager.sweep().skipped()).isNull();
            assertThat(RootFiles.names(files.trash())).isEmpty();
            assertThat(RootFiles.names(files.refs())).containsExactly(fresh.id().value());
        }
        assertThat(foreign).exists();
    }

    /** The one that was there before goes on to sweep; it must not take the others' adoption for leftovers. */
    @ParameterizedTest
    @CsvSource({INTERNAL + ",LOCK", FORMAT + ",LOCK", REFS + ",LOCK", OWNERS + ",LOCK"})
    void adoptionIsSafeFromAProcessThatIsStillRunning(String removed, OrphanPolicy orphans) throws Exception {
        CacheId id = createLocked();
        try (CacheManager before = files.manager()) {
            CacheDirectory held = before.create();
            RootFiles.write(held, "kept.txt", "kept");
            RootFiles.remove(files.base().resolve(removed));
            try (ChildJvm.Conversation other = OtherProcess.start(root, orphans)) {
                CacheId theirs = CacheId.of(other.ask("create"));
                assertThat(before.sweep().directories()).isZero();
                assertThat(other.ask("sweep")).contains("directories=0");
                assertKept(id, held.id());
                assertThat(files.cache(theirs)).exists();
                CacheDirectory another = createIfAllowed(before);
                assertThat(other.ask("sweep")).contains("directories=0");
                if (another != null) {
                    another.putMetadata("still", "there");
                    another.close();
                }
                held.close();
                before.close();
                assertThat(other.ask("sweep")).contains("directories=0");
                assertKept(id);
                assertThat(files.cache(theirs)).exists();
            }
        }
    }

    private static CacheDirectory createIfAllowed(CacheManager manager) {
        try {
            return manager.create();
        } catch (CacheBackendException refused) {
            assertThat(refused).hasMessageContaining("estart");
            return null;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {INTERNAL, FORMAT, REFS, OWNERS})
    void nothingIsWipedWhenItIsRemovedWhileRunning(String removed) throws Exception {
        CacheId locked = createLocked();
        try (LogLines log = new LogLines();
                CacheManager manager = files.manager()) {
            CacheDirectory held = manager.create();
            RootFiles.write(held, "kept.txt", "kept");
            RootFiles.remove(files.base().resolve(removed));
            assertThat(manager.sweep().skipped()).contains("monolith-cache");
            assertThat(log.lines()).anyMatch(line -> line.contains("nothing is swept"));
            try (ChildJvm.Conversation other = OtherProcess.start(root)) {
                assertThat(other.ask("sweep")).doesNotContain("skipped=null");
                assertThat(other.ask("create")).startsWith("refused");
                assertThat(other.ask("sweep")).doesNotContain("skipped=null");
            }
            assertThat(manager.sweep().skipped()).isNotNull();
            assertKept(locked, held.id());
            createIfAllowed(manager);
            assertThat(manager.sweep().skipped()).isNotNull();
            assertKept(locked, held.id());
        }
        assertKept(locked);
    }

    /** Both work on, with sweeps in the background, while it vanishes. */
    @ParameterizedTest
    @ValueSource(strings = {INTERNAL, FORMAT, REFS, OWNERS})
    void backgroundSweepsWipeNothing(String removed) throws Exception {
        CacheId locked = createLocked();
        try (LogLines log = new LogLines();
                CacheManager manager =
                        files.builder().sweepInterval(Duration.ofMillis(1)).build()) {
            CacheDirectory held = manager.create();
            RootFiles.write(held, "kept.txt", "kept");
            RootFiles.remove(files.base().resolve(removed));
            await().until(() -> log.lines().stream().anyMatch(line -> line.contains("nothing is swept")));
            long said = log.lines().stream()
                    .filter(line -> line.contains("nothing is swept"))
                    .count();
            assertThat(said).as("said once").isEqualTo(1);
            assertKept(locked, held.id());
        }
        assertKept(locked);
    }

    @Test
    void sweepsGoOnWhenTheFormatIsRestored() throws IOException {
        try (CacheManager manager = files.manager()) {
            CacheDirectory held = manager.create();
            CacheDirectory other = manager.create(CacheOptions.defaults().locked());
            byte[] format = Files.readAllBytes(files.format());
            Files.delete(files.format());
            assertThat(manager.sweep().skipped()).isNotNull();
            Files.write(files.format(), format);
            assertThat(manager.sweep().skipped()).isNull();
            held.putMetadata("still", "held");
            other.close();
            assertThat(manager.unlock(other.id())).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(OrphanPolicy.class)
    void emptyRootNeedsNoDecision(OrphanPolicy orphans) throws IOException {
        try (CacheManager manager = files.manager()) {
            manager.create().close();
        }
        RootFiles.remove(files.internal());
        try (LogLines log = new LogLines();
                CacheManager manager = files.builder().orphans(orphans).build()) {
            manager.create().close();
            assertThat(log.lines()).isEmpty();
        }
    }
}
