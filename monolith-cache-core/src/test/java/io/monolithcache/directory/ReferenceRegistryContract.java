// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.monolithcache.directory.DirectoryStorage.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link ReferenceRegistry} does, method by method, beside the rules that hold for all of them together. */
public abstract class ReferenceRegistryContract extends ReferenceRegistryRules {

    private static CacheId unknown() {
        return CacheId.random(Instant.now());
    }

    // Start and owner

    @Test
    void startFindsNothingToSweepInAnEmptyPlace() {
        assertThat(party().foundWork).isFalse();
    }

    @Test
    void startFindsWhatTheDeadLeft() {
        createByTheDead();

        assertThat(party().foundWork).isEqualTo(looksAtStart());
    }

    /** Whether a start asks its storage; one far away is not waited for before it is needed. */
    protected boolean looksAtStart() {
        return true;
    }

    @Test
    void theOwnerComesToLifeWithTheFirstWork() {
        Party party = party();
        assertThat(party.registry.owner()).isNull();

        party.create();

        assertThat(party.registry.owner()).isNotBlank();
    }

    @Test
    void looksAndSweepsBringNoOwnerToLife() {
        Party party = party();

        party.registry.find(unknown());
        party.registry.ids(null, 10);
        party.registry.ids().close();
        party.registry.sweep();

        assertThat(party.registry.owner()).isNull();
    }

    @Test
    void eachOwnerHasANameOfItsOwn() {
        Party one = party();
        Party other = party();
        one.create();
        other.create();

        assertThat(one.name()).isNotEqualTo(other.name());
    }

    // Create

    @Test
    void whatIsCreatedIsReferencedAndHasItsMetadata() {
        Party party = party();
        CacheId id = party.createWith(Map.of("colour", "green"));

        assertThat(party.storage.look(id)).isEqualTo(Look.FREE);
        assertThat(party.storage.metadata(id)).containsEntry("colour", "green");
        assertThat(party.registry.holds(id)).isTrue();
        assertThat(party.owners(id)).containsExactly(party.name());
        assertThat(party.standing(id).locked()).isFalse();
        assertThat(party.standing(id).lockedUntil()).isNull();
    }

    @Test
    void anOwnerIsDescribedByItsProcess() {
        Party party = party();
        CacheId id = party.create();

        CacheOwner owner = party.standing(id).owners().get(0);

        assertThat(owner.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(owner.since()).isBefore(Instant.now());
    }

    @Test
    void anIdThatIsTakenCannotBeHadAgain() {
        Party party = party();
        Party other = livingParty();
        CacheId id = party.createWith(Map.of("colour", "green"));

        assertThat(party.registry.create(id, Map.of("colour", "red"))).isFalse();
        assertThat(other.registry.create(id, Map.of("colour", "red"))).isFalse();
        assertThat(party().registry.create(id, Map.of("colour", "red"))).isFalse();

        assertThat(party.storage.metadata(id)).containsEntry("colour", "green");
        assertThat(party.owners(id)).containsExactly(party.name());
    }

    @Test
    void refusedMetadataCreateNothing() {
        Party party = party();
        CacheId id = unknown();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> party.registry.create(id, Map.of("thread", Thread.currentThread())));

        assertThat(party.registry.find(id)).isEmpty();
        assertThat(party.storage.look(id)).isEqualTo(Look.GONE);
        assertThat(party.registry.holds(id)).isFalse();
    }

    // Attach, release, holds

    @Test
    void attachingAddsAnOwner() {
        Party party = party();
        Party other = party();
        CacheId id = party.create();

        other.registry.attach(id);

        assertThat(other.registry.holds(id)).isTrue();
        assertThat(party.owners(id)).containsExactlyInAnyOrder(party.name(), other.name());
    }

    @Test
    void attachingToWhatNeverWasFails() {
        Party party = party();
        CacheId id = unknown();

        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> party.registry.attach(id))
                .withMessageContaining(id.value());

        assertThat(party.registry.holds(id)).isFalse();
    }

    @Test
    void onlyTheLastReleaseWipes() {
        Party party = party();
        Party other = party();
        CacheId id = party.create();
        other.registry.attach(id);

        party.registry.release(id);
        assertThat(other.sees(id)).isTrue();
        assertThat(party.wiped).isEmpty();

        other.registry.release(id);
        assertThat(other.storage.look(id)).isEqualTo(Look.GONE);
        assertThat(other.registry.find(id)).isEmpty();
        assertThat(other.wiped).containsExactly(id);
    }

    @Test
    void whoHasNoReferenceCannotReleaseOne() {
        Party party = party();
        Party other = party();
        CacheId id = party.create();

        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> other.registry.release(id));

        assertThat(party.sees(id)).isTrue();
        assertThat(party.registry.holds(id)).isTrue();
    }

    @Test
    void whatIsReleasedMayBeAttachedAgainWhileOthersHoldIt() {
        Party party = party();
        Party other = party();
        CacheId id = party.create();
        other.registry.attach(id);
        party.registry.release(id);

        party.registry.attach(id);

        assertThat(party.registry.holds(id)).isTrue();
    }

    // Locks

    @Test
    void aLockShowsAndKeepsTheCacheUntilItIsUnlocked() {
        Party party = party();
        Party other = party();
        CacheId id = party.create();

        other.registry.lock(id, null);
        other.registry.lock(id, null);
        assertThat(party.standing(id).locked()).isTrue();
        assertThat(party.standing(id).lockedUntil()).isNull();

        party.registry.release(id);
        assertThat(party.sees(id)).isTrue();

        assertThat(party.registry.unlock(id)).isTrue();
        assertThat(party.storage.look(id)).isEqualTo(Look.GONE);
        assertThat(party.wiped).containsExactly(id);
    }

    @Test
    void unlockingAReferencedCacheWipesNothing() {
        Party party = party();
        CacheId id = party.create();
        party.registry.lock(id, null);

        assertThat(party.registry.unlock(id)).isFalse();

        assertThat(party.standing(id).locked()).isFalse();
        assertThat(party.sees(id)).isTrue();
    }

    @Test
    void unlockingWhatIsNotLockedWipesNothing() {
        Party party = party();
        CacheId id = party.create();

        assertThat(party.registry.unlock(id)).isFalse();

        assertThat(party.sees(id)).isTrue();
    }

    @Test
    void whatIsLockedWithoutAReferenceMayBeAttached() {
        Party party = party();
        CacheId id = party.createLocked();

        party.registry.attach(id);
        party.registry.unlock(id);

        assertThat(party.sees(id)).isTrue();
        assertThat(party.owners(id)).containsExactly(party.name());
    }

    @Test
    void whatIsNotThereIsNeitherLockedNorUnlocked() {
        Party party = party();
        CacheId id = unknown();

        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> party.registry.lock(id, null));
        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> party.registry.lock(id, now().plus(aWhile())));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> party.registry.unlock(id));
        assertThat(party.registry.find(id)).isEmpty();
    }

    private Instant in(Duration time) {
        return Instant.ofEpochMilli(now().plus(time).toEpochMilli());
    }

    @Test
    void aTimedLockTellsItsEnd() {
        Party party = party();
        CacheId id = party.create();
        Instant end = in(aWhile());

        party.registry.lock(id, end);

        assertThat(party.standing(id).locked()).isTrue();
        assertThat(party.standing(id).lockedUntil()).isEqualTo(end);
    }

    @Test
    void aTimedLockKeepsTheCacheUntilItsEndAndNoLonger() {
        Party party = party();
        CacheId id = party.create();
        party.registry.lock(id, in(aWhile()));
        party.registry.release(id);

        party.registry.sweep();
        assertThat(party.sees(id)).isTrue();

        letPass(aWhile());
        SweepReport report = party.registry.sweep();
        assertThat(report.directories()).isOne();
        assertThat(party.storage.look(id)).isEqualTo(Look.GONE);
    }

    @Test
    void aTimedLockThatHasEndedShowsNoMore() {
        Party party = party();
        CacheId id = party.create();
        party.registry.lock(id, in(aWhile()));

        letPass(aWhile());

        assertThat(party.standing(id).locked()).isFalse();
        assertThat(party.standing(id).lockedUntil()).isNull();
    }

    @Test
    void anEndedLockOfAReferencedCacheIsSweptWithoutTheCache() {
        Party party = party();
        CacheId id = party.create();
        party.registry.lock(id, in(aWhile()));
        letPass(aWhile());

        party.registry.sweep();
        assertThat(party.sees(id)).isTrue();

        party.registry.release(id);
        assertThat(party.storage.look(id)).isEqualTo(Look.GONE);
    }

    @Test
    void aLaterLockLengthensAnEarlierOne() {
        Party party = party();
        CacheId id = party.create();
        Instant later = in(aWhile().multipliedBy(3));
        party.registry.lock(id, in(aWhile()));

        party.registry.lock(id, later);

        assertThat(party.standing(id).lockedUntil()).isEqualTo(later);
        party.registry.release(id);
        letPass(aWhile());
        party.registry.sweep();
        assertThat(party.sees(id)).isTrue();
    }

    @Test
    void aShorterLockNeverShortensALongerOne() {
        Party party = party();
        CacheId id = party.create();
        Instant later = in(aWhile().multipliedBy(3));
        party.registry.lock(id, later);

        party.registry.lock(id, in(aWhile()));

        assertThat(party.standing(id).lockedUntil()).isEqualTo(later);
        party.registry.release(id);
        letPass(aWhile());
        party.registry.sweep();
        assertThat(party.sees(id)).isTrue();
    }

    @Test
    void aTimedLockNeverShortensOneWithoutAnEnd() {
        Party party = party();
        CacheId id = party.create();
        party.registry.lock(id, null);

        party.registry.lock(id, in(aWhile()));

        assertThat(party.standing(id).locked()).isTrue();
        assertThat(party.standing(id).lockedUntil()).isNull();
        party.registry.release(id);
        letPass(aWhile());
        party.registry.sweep();
        assertThat(party.sees(id)).isTrue();
    }

    @Test
    void unlockingRemovesEveryLock() {
        Party party = party();
        CacheId id = party.create();
        party.registry.lock(id, in(aWhile()));
        party.registry.lock(id, in(aWhile().multipliedBy(2)));
        party.registry.lock(id, null);
        party.registry.release(id);

        assertThat(party.registry.unlock(id)).isTrue();

        assertThat(party.storage.look(id)).isEqualTo(Look.GONE);
    }

    // Evict

    @Test
    void whatNobodyReferencesIsEvictedEvenIfItIsLocked() {
        Party party = party();
        Party operator = party();
        CacheId id = party.createLocked();

        operator.registry.evict(id);

        assertThat(operator.storage.look(id)).isEqualTo(Look.GONE);
        assertThat(operator.wiped).containsExactly(id);
    }

    @Test
    void anEvictWhileItIsReferencedIsRefusedTellsWhoAndChangesNothing() {
        Party holder = party();
        Party operator = party();
        CacheId id = holder.create();
        holder.registry.lock(id, null);

        assertThatExceptionOfType(CacheInUseException.class)
                .isThrownBy(() -> operator.registry.evict(id))
                .withMessageContaining(id.value())
                .withMessageContaining(String.valueOf(ProcessHandle.current().pid()))
                .satisfies(refused -> assertThat(refused.owners())
                        .extracting(CacheOwner::name)
                        .containsExactly(holder.name()));

        assertThat(holder.sees(id)).isTrue();
        assertThat(holder.registry.holds(id)).isTrue();
        assertThat(holder.standing(id).locked()).isTrue();
    }

    @Test
    void anOwnReferenceRefusesAnEvictToo() {
        Party party = party();
        CacheId id = party.create();

        assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> party.registry.evict(id));

        assertThat(party.sees(id)).isTrue();
    }

    @Test
    void theReferenceOfTheDeadRefusesNoEvict() {
        Party operator = party();
        CacheId id = createByTheDead();

        operator.registry.evict(id);

        assertThat(operator.storage.look(id)).isEqualTo(Look.GONE);
        assertThat(operator.wiped).containsExactly(id);
    }

    @Test
    void whatIsNotThereIsNotEvicted() {
        Party party = party();

        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> party.registry.evict(unknown()));
        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> party.registry.evictForcibly(unknown()));
    }

    @Test
    void aForcedEvictWipesWhatIsReferencedAndLocked() {
        Party holder = party();
        Party operator = party();
        CacheId id = holder.create();
        holder.registry.lock(id, null);

        operator.registry.evictForcibly(id);

        assertThat(operator.storage.look(id)).isEqualTo(Look.GONE);
        assertThat(operator.registry.find(id)).isEmpty();
        assertThat(operator.wiped).containsExactly(id);
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> operator.registry.evictForcibly(id));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> holder.registry.attach(id));
    }

    // Find and list

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(party().registry.find(unknown())).isEmpty();
    }

    @Test
    void manyAreFoundAtOnceAsEachOfThemIs() {
        Party party = party();
        Party other = party();
        CacheId held = party.create();
        CacheId shared = party.create();
        other.registry.attach(shared);
        CacheId until = party.create();
        party.registry.lock(until, Instant.now().plusSeconds(60));
        CacheId locked = party.createLocked();
        CacheId doomed = party.create();
        beginWipe(doomed);
        List<CacheId> asked = List.of(locked, unknown(), shared, doomed, held, until, locked);

        try (Stream<ReferenceRegistry.Found> found = party.registry.find(asked.stream())) {
            assertThat(found)
                    .containsExactly(Stream.of(locked, shared, held, until, locked)
                            .map(id -> new ReferenceRegistry.Found(id, party.standing(id)))
                            .toArray(ReferenceRegistry.Found[]::new));
        }
    }

    @Test
    void noneAreFoundOfNone() {
        try (Stream<ReferenceRegistry.Found> found = party().registry.find(Stream.empty())) {
            assertThat(found).isEmpty();
        }
    }

    @Test
    void whoIsAskedForManyClosesWhatItWasGiven() {
        AtomicInteger closed = new AtomicInteger();

        party().registry
                .find(Stream.of(unknown()).onClose(closed::incrementAndGet))
                .close();

        assertThat(closed).hasValue(1);
    }

    @Test
    void allCachesAreListedWhoeverHoldsThem() {
        Party party = party();
        Party other = party();
        List<CacheId> created = List.of(party.create(), other.create(), party.createLocked());

        try (Stream<CacheId> ids = party.registry.ids()) {
            assertThat(ids).containsExactlyInAnyOrderElementsOf(created);
        }
    }

    @Test
    void pagesComeInTheOrderOfIds() {
        Party party = party();
        List<CacheId> sorted = IntStream.range(0, 5)
                .mapToObj(number -> party.create())
                .sorted()
                .toList();

        assertThat(party.registry.ids(null, 2)).isEqualTo(sorted.subList(0, 2));
        assertThat(party.registry.ids(sorted.get(1), 2)).isEqualTo(sorted.subList(2, 4));
        assertThat(party.registry.ids(sorted.get(3), 2)).isEqualTo(sorted.subList(4, 5));
        assertThat(party.registry.ids(sorted.get(4), 2)).isEmpty();
        assertThat(party.registry.ids(null, 1_000)).isEqualTo(sorted);
    }

    @Test
    void aPageMayBeginAfterAnIdThatIsGone() {
        Party party = party();
        List<CacheId> sorted = Stream.of(party.create(), party.create(), party.create())
                .sorted()
                .toList();
        party.registry.release(sorted.get(1));

        assertThat(party.registry.ids(sorted.get(1), 2)).containsExactly(sorted.get(2));
    }

    // Sweep and close

    @Test
    void aSweepWithNothingToDoDoesNothing() {
        Party party = party();
        CacheId held = party.create();
        CacheId locked = party.createLocked();

        SweepReport report = party.registry.sweep();

        assertThat(report.skipped()).isNull();
        assertThat(report.deadOwners() + report.references() + report.locks() + report.directories())
                .isZero();
        assertThat(report.duration()).isPositive();
        assertThat(party.sees(held)).isTrue();
        assertThat(party.sees(locked)).isTrue();
    }

    @Test
    void aSweepTellsWhatItDid() {
        Party survivor = livingParty();
        ReferenceRegistry dying = mortal();
        CacheId alone = CacheId.random(Instant.now());
        dying.create(alone, Map.of());
        dying.attach(survivor.create());
        CacheId locked = survivor.create();
        survivor.registry.lock(locked, in(aWhile()));
        kill(dying);
        letPass(aWhile());

        SweepReport report = survivor.registry.sweep();

        assertThat(report.deadOwners()).isOne();
        assertThat(report.references()).isEqualTo(2);
        assertThat(report.locks()).isOne();
        assertThat(report.directories()).isOne();
    }

    @Test
    void whatAClosedOwnerStillReferencedGoesWithTheNextSweep() {
        Party survivor = livingParty();
        ReferenceRegistry leaving = mortal();
        CacheId id = CacheId.random(Instant.now());
        leaving.create(id, Map.of());
        assertThat(survivor.sees(id)).isTrue();

        leaving.close();
        kill(leaving);
        survivor.registry.sweep();

        assertThat(survivor.storage.look(id)).isEqualTo(Look.GONE);
    }

    @Test
    void aClosedRegistryWorksNoMoreAndMayBeClosedAgain() {
        Party party = party();
        CacheId id = party.create();
        party.registry.release(id);

        party.registry.close();
        party.registry.close();

        assertThat(party.registry.owner()).isNull();
        assertThatThrownBy(() -> party.registry.create(unknown(), Map.of())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingOneOwnerLeavesTheOthers() {
        Party party = party();
        Party other = party();
        CacheId id = party.create();
        other.registry.attach(id);
        other.registry.release(id);

        other.registry.close();
        party.registry.sweep();

        assertThat(party.sees(id)).isTrue();
        assertThat(party.owners(id)).containsExactly(Objects.requireNonNull(party.registry.owner()));
    }
}
