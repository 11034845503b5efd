// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryBackend;
import io.monolithcache.directory.LogWatch;
import io.monolithcache.directory.MutableClock;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.ReferenceRegistryContract;
import io.monolithcache.directory.RegistryOwners;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.owner.Liveness;
import io.monolithcache.owner.ProcessLocks;
import io.monolithcache.owner.RootLocator.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Owners of this process, which the protocol takes for alive as long as it runs, and others that can be killed. */
@Timeout(60)
class FileReferenceRegistryTests extends ReferenceRegistryContract {

    @TempDir
    Path place;

    private final MutableClock clock = new MutableClock(Instant.now());

    private final RegistryOwners owners = new RegistryOwners() {

        @Override
        public DirectoryBackend open() {
            LocalRoot root = new LocalRoot(
                    Place.of(place), FileReferenceRegistry.NAME, OrphanPolicy.KEEP, false, FileSystems::ofTheSystem);
            LocalDirectoryStorage storage = new LocalDirectoryStorage(root);
            return new DirectoryBackend(storage, new FileReferenceRegistry(root, storage, clock));
        }

        @Override
        public ReferenceRegistry openMortal() {
            return new RemoteRegistry(place);
        }

        @Override
        public void kill(ReferenceRegistry mortal) {
            ((RemoteRegistry) mortal).kill();
        }

        @Override
        public void beginWipe(CacheId id) {
            Path refs = layout().refs(id);
            try (Stream<Path> names = Files.list(refs)) {
                for (Path name : names.toList()) {
                    Files.delete(name);
                }
                Files.delete(refs);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public void disconnect() {
            UnreachableReferences.disconnect(layout());
        }

        @Override
        public void reconnect() {
            UnreachableReferences.reconnect(layout());
        }

        @Override
        public Instant now() {
            return clock.instant();
        }

        @Override
        public void letPass(Duration time) {
            clock.advance(time);
        }

        @Override
        public Duration aWhile() {
            return Duration.ofMinutes(1);
        }
    };

    @Override
    protected RegistryOwners owners() {
        return owners;
    }

    private Layout layout() {
        return new Layout(place.resolve(Layout.FOLDER));
    }

    /** An owner that nobody knows: a process that never was. */
    private static final String STRANGER = "1-1-0123456789abcdef";

    @Test
    void theLayoutIsThatOfTheProtocol() {
        Party party = party();
        CacheId id = party.create();
        party.registry.lock(id, null);
        party.registry.lock(id, Instant.ofEpochMilli(4_102_444_800_000L));

        assertThat(place.resolve("monolith-cache/caches/" + id + "/meta.json")).isRegularFile();
        assertThat(place.resolve("monolith-cache/.monolith/owners/" + party.name()))
                .isRegularFile();
        assertThat(place.resolve("monolith-cache/.monolith/prepared/" + party.name()))
                .isDirectory();
        assertThat(place.resolve("monolith-cache/.monolith/refs/" + id).toFile().list())
                .containsExactlyInAnyOrder(party.name(), "locked", "locked-until-4102444800000");
        assertThat(party.name()).matches("\\d+-\\d+-[0-9a-f]{16}");
    }

    @Test
    void onlyATimedLockRemovesOthersAndOnlyThoseThatEndEarlier() {
        Party party = party();
        CacheId id = party.create();
        Instant end = Instant.ofEpochMilli(4_102_444_800_000L);

        party.registry.lock(id, end);
        party.registry.lock(id, null);
        assertThat(locks(id)).containsExactlyInAnyOrder("locked", "locked-until-4102444800000");

        party.registry.lock(id, end.plusMillis(1));
        party.registry.lock(id, end);
        assertThat(locks(id))
                .containsExactlyInAnyOrder("locked", "locked-until-4102444800000", "locked-until-4102444800001");
    }

    private List<String> locks(CacheId id) {
        return Stream.of(Objects.requireNonNull(layout().refs(id).toFile().list()))
                .filter(name -> name.startsWith("locked"))
                .toList();
    }

    @Test
    void startingWritesNothing() {
        party();

        assertThat(place).isEmptyDirectory();
    }

    @Test
    void withoutATrashThereIsNothingInIt() throws IOException {
        livingParty().registry.close();
        Files.delete(layout().trash());

        assertThat(party().foundWork).isFalse();
    }

    @Test
    void aReferenceWithoutAnOwnersFileIsSwept() throws IOException {
        Party party = livingParty();
        CacheId id = party.createLocked();
        Files.createFile(layout().refs(id).resolve(STRANGER));

        assertThat(party.registry.sweep().references()).isOne();

        assertThat(party.standing(id).owners()).isEmpty();
        assertThat(party.sees(id)).isTrue();
    }

    @Test
    void whatSomebodyPreparedWhoseFileIsGoneIsSwept() throws IOException {
        Party party = livingParty();
        Path prepared = Files.createDirectory(layout().prepared().resolve(STRANGER));
        Files.writeString(Files.createDirectory(prepared.resolve("draft")).resolve("file"), "text");

        party.registry.sweep();

        assertThat(prepared).doesNotExist();
        assertThat(layout().trash()).isEmptyDirectory();
    }

    @Test
    void referencesWithoutACacheAreSwept() throws IOException {
        Party party = livingParty();
        CacheId unfinished = CacheId.random(Instant.now());
        Files.createDirectory(layout().refs(unfinished));

        // no cache, so none was wiped
        assertThat(party.registry.sweep().directories()).isZero();

        assertThat(layout().refs(unfinished)).doesNotExist();
        assertThat(party.wiped).isEmpty();
    }

    @Test
    void aCacheWithoutReferencesIsSwept() throws IOException {
        Party party = livingParty();
        CacheId left = CacheId.random(Instant.now());
        Files.createDirectory(layout().cache(left));

        assertThat(party.registry.find(left)).isEmpty();
        assertThat(party.registry.sweep().directories()).isOne();

        assertThat(layout().cache(left)).doesNotExist();
    }

    @Test
    void aReleaseWhoseWipeFailsIsDoneAndTheSweepWipes() throws IOException {
        Party party = livingParty();
        CacheId id = party.create();
        Path refs = layout().refs(id);
        Path aside = layout().internal().resolve("aside");
        // its names can be removed, and itself cannot
        Files.move(refs, aside);
        Files.createSymbolicLink(refs, aside);

        try (LogWatch log = new LogWatch()) {
            party.registry.release(id);
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(id.value(), "was released but could not be wiped");
        }
        assertThat(party.wiped).isEmpty();

        Files.delete(refs);
        Files.move(aside, refs);
        assertThat(party.registry.sweep().directories()).isOne();
        assertThat(party.wiped).containsExactly(id);
    }

    @Test
    void aSweepLeavesWhatIsNotOurs() throws IOException {
        Party party = livingParty();
        Path theirs = Files.createDirectory(layout().caches().resolve("lost+found"));
        Path alsoTheirs = Files.createDirectory(layout().refs().resolve("lost+found"));

        party.registry.sweep();

        assertThat(theirs).exists();
        assertThat(alsoTheirs).exists();
    }

    @Test
    void oneSweepAtATime() {
        Party party = livingParty();
        RemoteRegistry process = (RemoteRegistry) mortal();
        process.lockFile(layout().sweeping());
        CacheId id = party.createLocked();
        letPass(aWhile());

        SweepReport report = party.registry.sweep();
        assertThat(report.skipped()).contains("another sweep", "in this process or another");

        process.kill();
        assertThat(party.registry.sweep().skipped()).isNull();
        assertThat(party.sees(id)).isTrue();
    }

    @Test
    void aSweepOfThisProcessKeepsAnotherOneFromSweepingToo() throws IOException {
        Party party = livingParty();
        String root = RootFormat.read(layout().format()).orElseThrow().root();

        SweepReport report = ProcessLocks.tryLocked("sweep:" + root, layout().sweeping(), party.registry::sweep);

        assertThat(report.skipped()).contains("another sweep", "in this process or another");
        assertThat(party.registry.sweep().skipped()).isNull();
    }

    /** Two managers of one process: to close any channel on a file drops all locks that the process has on it. */
    @Test
    void anEvictTakesNoDeadOwnerFromTheSweepThatCleansUpAfterIt() throws IOException {
        Party operator = livingParty();
        CacheId id = operator.createLocked();
        Path dead = Files.createFile(layout().owners().resolve(STRANGER));
        RemoteRegistry process = (RemoteRegistry) mortal();

        try (Liveness.Dead reaped = new Liveness(layout().owners()).lockDead()) {
            assertThat(reaped.names()).containsExactly(STRANGER);
            Files.createFile(layout().refs(id).resolve(STRANGER));
            operator.registry.evict(id);

            assertThat(operator.sees(id)).isFalse();
            assertThatIllegalStateException().isThrownBy(() -> process.lockFile(dead));
        }
        process.lockFile(dead);
    }

    @Test
    void whereThereIsNoRootNothingIsSwept() {
        assertThat(party().registry.sweep().skipped()).contains("no registry");
    }

    @Test
    void aRegistryThatHasOnlyLookedSweepsARootThatOthersMadeSince() {
        Party idle = party();
        CacheId locked = party().createLocked();
        ReferenceRegistry dying = mortal();
        CacheId left = CacheId.random(Instant.now());
        assertThat(dying.create(left, Map.of())).isTrue();
        kill(dying);

        assertThat(idle.registry.sweep().directories()).isOne();

        assertThat(idle.sees(left)).isFalse();
        assertThat(idle.sees(locked)).isTrue();
    }

    @Test
    void whoAttachesWhileItIsEvictedKeepsItAndItsLocks() throws Exception {
        Party operator = livingParty();
        Party comer = livingParty();
        CacheId id = comer.createLocked();

        Future<?> evict = evictAndStopBeforeItWipes(operator, id, () -> comer.registry.attach(id));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(evict::get)
                .withCauseInstanceOf(CacheInUseException.class)
                .withMessageContaining(id.value());
        assertThat(comer.standing(id).locked()).isTrue();
        assertThat(comer.owners(id)).containsExactly(comer.name());
        assertThat(operator.wiped).isEmpty();
    }

    @Test
    void whatIsEvictedByForceMeanwhileIsNotFound() throws Exception {
        Party operator = livingParty();
        Party other = livingParty();
        CacheId id = other.createLocked();

        Future<?> evict = evictAndStopBeforeItWipes(operator, id, () -> other.registry.evictForcibly(id));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(evict::get)
                .withCauseInstanceOf(CacheNotFoundException.class);
        assertThat(other.wiped).containsExactly(id);
        assertThat(operator.wiped).isEmpty();
    }

    /**
     * An evict that has listed the references, and stops at the question whether a stranger among them is alive: the
     * stranger's file is a pipe, which nobody can open for writing before somebody reads from it.
     */
    private Future<?> evictAndStopBeforeItWipes(Party operator, CacheId id, Runnable meanwhile) throws Exception {
        Path pipe = layout().owners().resolve(STRANGER);
        assumeTrue(
                new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "this system has no named pipes");
        Files.createFile(layout().refs(id).resolve(STRANGER));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        AtomicReference<Thread> evicting = new AtomicReference<>();
        Future<?> evict = thread.submit(() -> {
            evicting.set(Thread.currentThread());
            operator.registry.evict(id);
        });
        thread.shutdown();
        await().until(() -> evicting.get() != null
                && Stream.of(evicting.get().getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("isAlive")));
        meanwhile.run();
        try (InputStream unblocks = Files.newInputStream(pipe)) {
            assertThat(unblocks.read()).isEqualTo(-1);
        }
        Files.delete(pipe);
        return evict;
    }
}
