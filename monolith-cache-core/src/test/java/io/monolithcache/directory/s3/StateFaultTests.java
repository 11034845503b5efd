// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.LogWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One request after the other that is lost, late, slow, or answered otherwise than it should be. */
class StateFaultTests extends OneBucket {

    private static CacheId fresh() {
        return CacheId.random(Instant.now());
    }

    @Test
    void aCreateIsSentOnce() {
        TestOwner owner = owner();
        CacheId id = fresh();
        owner.way.next("PUT registry/", TestWay.ANSWER_IS_LOST);

        assertThat(owner.registry.create(id, Map.of())).isFalse();

        assertThat(owner.way.take())
                .filteredOn(request -> request.equals("PUT " + S3Keys.version(id, 1)))
                .hasSize(1);
        assertThat(owner.sees(id)).isFalse();
        assertThat(owner.registry.holds(id)).isFalse();
        assertThat(bucket.keys("caches/")).isEmpty();
    }

    @Test
    void aCreateThatArrivesLateIsCorrected() {
        TestOwner owner = owner();
        CacheId id = fresh();
        owner.way.next("PUT registry/", owner.way.arrivesLate());
        assertThat(owner.registry.create(id, Map.of())).isFalse();
        assertThat(owner.way.arrive()).containsExactly(true);
        assertThat(owner.owners(id)).containsExactly(owner.name());

        owner.registry.sweep();

        assertThat(owner.sees(id)).isFalse();
    }

    @Test
    void aCreateThatWasAnsweredTooLateIsGivenUp() {
        TestOwner owner = owner();
        CacheId id = fresh();
        owner.way.next("PUT registry/", TestWay.before(() -> time.pass(TOO_SLOW)));

        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> owner.registry.create(id, Map.of()));

        assertThat(bucket.keys("caches/")).isEmpty();
        owner.registry.sweep();
        assertThat(owner.sees(id)).isFalse();
    }

    @Test
    void aBucketThatCannotBeReachedIsToldAfterAFewIds() {
        TestOwner owner = owner();
        owner.way.cut(true);

        assertThat(owner.registry.create(fresh(), Map.of())).isFalse();
        assertThat(owner.registry.create(fresh(), Map.of())).isFalse();
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> owner.registry.create(fresh(), Map.of()));
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> owner.registry.create(fresh(), Map.of()));
        owner.way.cut(false);
        owner.create();
        owner.way.next("PUT registry/", TestWay.NEVER_ARRIVES);
        assertThat(owner.registry.create(fresh(), Map.of())).isFalse();
    }

    @Test
    void dataThatCannotBeWrittenLeaveNothing() {
        TestOwner owner = owner();
        CacheId id = fresh();
        owner.way.next("PUT caches/", TestWay.isAnswered(500));

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> owner.registry.create(id, Map.of()))
                .withMessageContaining(id.value());

        assertThat(owner.sees(id)).isFalse();
        assertThat(owner.registry.holds(id)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 412})
    void aRaceThatIsLostIsReadAgain(int status) {
        TestOwner owner = owner();
        TestOwner other = owner();
        CacheId id = owner.create();
        other.way.next("PUT registry/", TestWay.isAnswered(status));

        other.registry.attach(id);

        assertThat(owner.owners(id)).containsExactly(owner.name(), other.name());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void aBusyStoreIsAskedAgainAndNotForEver(int status) {
        TestOwner owner = owner();
        TestOwner other = owner();
        CacheId id = owner.create();
        other.way.next("PUT registry/", TestWay.isAnswered(status)).next("PUT registry/", TestWay.isAnswered(status));

        other.registry.attach(id);

        assertThat(other.registry.holds(id)).isTrue();
        other.registry.release(id);
        for (int attempt = 0; attempt < 6; attempt++) {
            other.way.next("PUT registry/", TestWay.isAnswered(status));
        }
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> other.registry.attach(id))
                .withMessageContaining(id.value())
                .withMessageContaining("" + status);
        assertThat(other.registry.holds(id)).isFalse();
        assertThat(other.owners(id)).containsExactly(owner.name());
    }

    @Test
    void anAttachWhoseAnswerIsLostIsDoneOnce() {
        TestOwner owner = owner();
        TestOwner other = owner();
        CacheId id = owner.create();
        other.way.next("PUT registry/", TestWay.ANSWER_IS_LOST);

        other.registry.attach(id);

        assertThat(owner.owners(id)).containsExactly(owner.name(), other.name());
        assertThat(bucket.keys(S3Keys.versions(id))).hasSize(2);
    }

    @Test
    void anAttachThatFailsLeavesNoReference() {
        TestOwner owner = owner();
        TestOwner other = owner();
        CacheId id = owner.create();
        other.way.next("PUT registry/", TestWay.ANSWER_IS_LOST).next("LIST registry/", TestWay.isAnswered(500));

        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> other.registry.attach(id));

        assertThat(owner.owners(id)).containsExactly(owner.name());
    }

    @Test
    void anAttachThatArrivesLateIsCorrectedByTheNextSweep() {
        TestOwner owner = owner();
        TestOwner other = owner();
        CacheId id = owner.create();
        for (int attempt = 0; attempt < 3; attempt++) {
            other.way.next("PUT registry/", other.way.arrivesLate());
        }
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> other.registry.attach(id));
        assertThat(other.way.arrive()).containsExactly(true, false, false);
        assertThat(owner.owners(id)).containsExactly(owner.name(), other.name());

        other.registry.sweep();

        assertThat(owner.owners(id)).containsExactly(owner.name());
        assertThat(owner.registry.holds(id)).isTrue();
    }

    @Test
    void whatWasWrittenForAnOwnerThatIsLostIsDoneAgainByTheNext() {
        TestOwner owner = owner();
        TestOwner paused = owner();
        CacheId id = owner.create();
        String dead = paused.name();
        paused.way.next("PUT registry/", TestWay.before(() -> {
            time.pass(LAPSE);
            owner.registry.beat();
            owner.registry.sweep();
            paused.registry.beat();
            paused.registry.requireAlive();
        }));

        paused.registry.attach(id);

        assertThat(paused.name()).isNotEqualTo(dead);
        assertThat(owner.owners(id)).contains(owner.name(), paused.name());
        assertThat(paused.registry.holds(id)).isTrue();
    }

    @Test
    void aReleaseWhoseAnswerIsLostIsNoLoss() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        owner.way.next("PUT registry/", TestWay.ANSWER_IS_LOST);

        owner.registry.release(id);

        assertThat(owner.sees(id)).isFalse();
        assertThat(bucket.keys("caches/")).isEmpty();
    }

    @Test
    void aReleaseAfterAForcedEvictIsALoss() {
        TestOwner owner = owner();
        TestOwner operator = owner();
        CacheId id = owner.create();
        owner.way.next("PUT registry/", TestWay.after(() -> operator.registry.evictForcibly(id)));

        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> owner.registry.release(id));

        assertThat(operator.wiped).containsExactly(id);
        assertThat(owner.wiped).isEmpty();
    }

    @Test
    void anUnlockWhoseAnswerIsLostTellsThatItWiped() {
        TestOwner owner = owner();
        CacheId id = owner.createLocked();
        owner.way.next("PUT registry/", TestWay.ANSWER_IS_LOST);

        assertThat(owner.registry.unlock(id)).isTrue();

        assertThat(owner.wiped).containsExactly(id);
    }

    @Test
    void anEvictWhoseAnswerIsLostHasWiped() {
        TestOwner owner = owner();
        CacheId id = owner.createLocked();
        owner.way.next("PUT registry/", TestWay.ANSWER_IS_LOST);
        owner.registry.evict(id);
        assertThat(owner.wiped).containsExactly(id);

        CacheId another = owner.create();
        owner.way.next("PUT registry/", TestWay.ANSWER_IS_LOST);
        owner.registry.evictForcibly(another);
        assertThat(owner.wiped).containsExactly(id, another);
    }

    @Test
    void whatWasReadTooLongAgoIsReadAgain() {
        TestOwner owner = owner();
        TestOwner other = owner();
        CacheId id = owner.create();
        owner.way.next("GET registry/", TestWay.before(() -> time.pass(TOO_SLOW)));
        TestOwner third = owner();
        third.way.next("GET registry/", TestWay.before(() -> time.pass(TOO_SLOW)));
        third.way.take();

        // the version is unknown to this one, so that it has to be read
        assertThat(third.registry.find(id)).isPresent();

        assertThat(third.way.takeKinds()).containsExactly("LIST", "GET", "LIST");
        assertThat(other.sees(id)).isTrue();
    }

    @Test
    void aVersionThatIsCompactedWhileItIsReadIsReadAgain() {
        TestOwner owner = owner();
        TestOwner other = owner();
        CacheId id = owner.create();
        owner.registry.lock(id, null);
        other.way.next("GET registry/", TestWay.after(() -> {
            owner.registry.unlock(id);
            bucket.objects().delete(S3Keys.version(id, 2));
        }));
        other.way.take();

        assertThat(other.registry.find(id).orElseThrow().locked()).isFalse();

        assertThat(other.way.takeKinds()).containsExactly("LIST", "GET", "LIST", "GET");
    }

    @Test
    void aWriteThatWasAnsweredTooLateIsVerified() {
        TestOwner owner = owner();
        TestOwner other = owner();
        CacheId id = owner.create();
        other.way.next("PUT registry/", TestWay.before(() -> time.pass(TOO_SLOW)));
        other.way.take();

        other.registry.lock(id, null);

        assertThat(other.way.takeKinds()).containsExactly("LIST", "GET", "PUT", "LIST", "GET");
        assertThat(owner.registry.find(id).orElseThrow().locked()).isTrue();
    }

    @Test
    void aLateWriteIntoTheHoleThatCompactionLeftIsNothing() {
        TestOwner owner = owner();
        TestOwner paused = owner();
        TestOwner sweeper = owner();
        CacheId id = owner.create();
        for (int attempt = 0; attempt < 3; attempt++) {
            paused.way.next("PUT " + S3Keys.version(id, 2), paused.way.arrivesLate());
        }
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> paused.registry.attach(id));
        for (int change = 0; change < 3; change++) {
            owner.registry.lock(id, null);
            owner.registry.unlock(id);
        }
        beatOverHorizon(owner, paused, sweeper);
        sweeper.registry.sweep();
        assertThat(bucket.keys(S3Keys.versions(id))).containsExactly(S3Keys.version(id, 1), S3Keys.version(id, 7));

        assertThat(paused.way.arrive()).containsExactly(true, false, false);

        assertThat(owner.owners(id)).containsExactly(owner.name());
        owner.registry.release(id);
        assertThat(owner.sees(id)).isFalse();
    }

    @Test
    void aLateWriteBesideWhatWasRemovedRevivesNothing() {
        TestOwner owner = owner();
        TestOwner paused = owner();
        CacheId id = owner.create();
        for (int attempt = 0; attempt < 3; attempt++) {
            paused.way.next("PUT " + S3Keys.version(id, 2), paused.way.arrivesLate());
        }
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> paused.registry.attach(id));
        owner.registry.release(id);
        beatOverHorizon(owner, paused);
        owner.registry.sweep();
        assertThat(bucket.keys(S3Keys.versions(id))).isEmpty();

        assertThat(paused.way.arrive()).containsExactly(true, false, false);

        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> paused.registry.attach(id));
        assertThat(owner.sees(id)).isFalse();
        owner.registry.sweep();
        assertThat(bucket.keys(S3Keys.versions(id))).isEmpty();
    }

    private void beatOverHorizon(TestOwner... owners) {
        Duration beat = LEASE.dividedBy(3);
        for (Duration passed = Duration.ZERO; passed.compareTo(LONG) < 0; passed = passed.plus(beat)) {
            time.pass(beat);
            List.of(owners).forEach(owner -> owner.registry.beat());
        }
    }

    @Test
    void aForcedEvictIsSeenByTheNextLook() {
        TestOwner owner = owner();
        TestOwner operator = owner();
        CacheId id = owner.create();

        operator.registry.evictForcibly(id);

        assertThat(owner.registry.holds(id)).isFalse();
        assertThat(owner.registry.holds(id)).isFalse();
    }

    @Test
    void betweenTwoLooksNothingIsAsked() {
        S3RegistrySettings trusting = new S3RegistrySettings(LEASE, HORIZON, Duration.ofSeconds(10));
        TestOwner owner = new TestOwner(bucket, time, trusting).alive();
        TestOwner operator = owner();
        CacheId id = owner.create();
        operator.registry.evictForcibly(id);
        owner.way.take();

        assertThat(owner.registry.holds(id)).isTrue();
        assertThat(owner.way.take()).isEmpty();

        time.pass(Duration.ofSeconds(10));
        assertThat(owner.registry.holds(id)).isFalse();
        owner.close();
    }

    @Test
    void anEvictKnowsTheDeadAndTheLiving() {
        TestOwner dead = owner();
        TestOwner living = owner();
        CacheId theirs = dead.create();
        CacheId shared = dead.create();
        living.registry.attach(shared);
        time.pass(LAPSE);
        living.registry.beat();
        TestOwner operator = owner();

        operator.registry.evict(theirs);

        assertThat(operator.wiped).containsExactly(theirs);
        assertThatExceptionOfType(CacheInUseException.class)
                .isThrownBy(() -> operator.registry.evict(shared))
                .satisfies(refused -> assertThat(refused.owners()).hasSize(1));
    }

    @Test
    void aWipeThatCannotBeFinishedIsTheNextSweeps() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        owner.way.next("LIST caches/", TestWay.isAnswered(500));
        try (LogWatch quiet = new LogWatch()) {
            owner.registry.release(id);
        }
        assertThat(owner.wiped).isEmpty();
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> owner.registry.attach(id));

        assertThat(owner.registry.sweep().directories()).isOne();

        assertThat(owner.wiped).containsExactly(id);
        assertThat(bucket.keys("caches/")).isEmpty();
    }

    /** That is not the clock of a store that is behind. */
    @Test
    void aLockOfWhichTheStoreAnswersLateStandsToItsEnd() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        Instant end = time.instant().plusSeconds(30);
        owner.way.next("LIST registry/", TestWay.before(() -> time.pass(Duration.ofSeconds(20))));
        owner.registry.lock(id, end);

        owner.registry.release(id);

        assertThat(owner.sees(id)).isTrue();
        assertThat(owner.registry.find(id).orElseThrow().lockedUntil()).isEqualTo(end);
        time.pass(Duration.ofSeconds(11));
        owner.registry.sweep();
        assertThat(owner.sees(id)).isFalse();
    }

    @Test
    void aLockEndsByTheClockOfTheStore() {
        TestTime ahead = new TestTime();
        ahead.pass(Duration.ofHours(5));
        TestOwner owner = owner();
        CacheId id = owner.create();
        StoreTime wrong = new StoreTime(ahead, time.ownClock());

        Instant store = time.instant();
        assertThat(wrong.ofStore(
                        ahead.instant().plusSeconds(60), time.ownClock().now(), store))
                .isEqualTo(store.plusSeconds(60));
        assertThat(wrong.ofOwn(store.plusSeconds(60), store))
                .isEqualTo(ahead.instant().plusSeconds(60));
        assertThat(wrong.now(store)).isEqualTo(store);
        owner.registry.lock(id, time.instant().plusSeconds(60));
        owner.registry.release(id);
        assertThat(owner.registry.sweep().directories()).isZero();
        time.pass(Duration.ofSeconds(60));
        assertThat(owner.registry.sweep().directories()).isOne();
    }

    @Test
    void whatIsThereIsWhatLivesAndHasData() {
        TestOwner owner = owner();
        List<CacheId> ids = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            ids.add(owner.create());
        }
        ids.sort(null);
        CacheId gone = ids.remove(7);
        owner.registry.release(gone);
        bucket.objects().put("caches/" + gone + "/late", new byte[1]);
        StateCaches caches = owner.metadata;

        assertThat(caches.list(null)).containsExactlyElementsOf(ids);
        assertThat(caches.list(ids.get(3))).containsExactlyElementsOf(ids.subList(3, ids.size()));
        assertThat(caches.look(ids.get(0), time.instant())).isEqualTo(Look.FREE);
        assertThat(caches.look(gone, time.instant())).isEqualTo(Look.GONE);
        assertThat(caches.mark(ids.get(0), "wiper")).isTrue();
        assertThat(caches.mark(gone, "wiper")).isFalse();
        owner.way.take();
        assertThat(caches.list(null).findFirst()).contains(ids.get(0));
        assertThat(owner.way.takeKinds()).hasSizeLessThan(6).containsOnly("LIST");
    }

    @Test
    void metadataAreAPartOfTheState() {
        TestOwner owner = owner();
        TestOwner other = owner();
        CacheId id = owner.create();
        StateCaches metadata = other.metadata;
        owner.registry.lock(id, null);
        other.way.next("PUT registry/", TestWay.after(() -> owner.registry.unlock(id)));

        assertThat(metadata.update(id, old -> Map.of("was", old, "now", "red"))).containsEntry("now", "red");

        assertThat(owner.metadata.read(id)).isEqualTo(Map.of("was", Map.of("colour", "green"), "now", "red"));
        owner.registry.release(id);
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> metadata.read(id));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> metadata.update(id, old -> old));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> metadata.read(fresh()));
    }
}
