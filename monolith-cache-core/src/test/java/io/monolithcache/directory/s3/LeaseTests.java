// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Renewals, dead marks, and which of both wins. */
class LeaseTests extends OneBucket {

    private static final Duration BEAT = LEASE.dividedBy(3);

    private List<String> chain(TestOwner owner) {
        return bucket.keys(S3Keys.chain(owner.name()));
    }

    @Test
    void anOwnerHasAChainBeforeAnybodyCanReadItsName() {
        TestOwner owner = new TestOwner(bucket, time, settings);
        CacheId id = owner.create();

        List<String> requests = owner.way.take();
        assertThat(requests.indexOf("PUT " + S3Keys.link(owner.name(), 1)))
                .isBetween(0, requests.indexOf("PUT " + S3Keys.version(id, 1)) - 1);
        owner.close();
    }

    @Test
    void aRenewalAddsALinkAndKeepsTwo() {
        TestOwner owner = owner();

        for (int beat = 0; beat < 4; beat++) {
            time.pass(BEAT);
            owner.registry.beat();
        }

        assertThat(chain(owner)).containsExactly(S3Keys.link(owner.name(), 4), S3Keys.link(owner.name(), 5));
        assertThat(owner.registry.leaseAge()).isZero();
    }

    @Test
    void aRenewalIsOnePutAndOneDelete() {
        TestOwner owner = owner();
        owner.registry.beat();
        owner.way.take();

        owner.registry.beat();

        assertThat(owner.way.takeKinds()).containsExactly("PUT", "DELETE");
    }

    @Test
    void whatCouldNotBeDeletedIsDeletedLater() {
        TestOwner owner = owner();
        owner.registry.beat();
        owner.way.next("DELETE", TestWay.NEVER_ARRIVES);
        for (int beat = 0; beat < 3; beat++) {
            owner.registry.beat();
        }

        assertThat(chain(owner)).hasSize(2);
    }

    @Test
    void aRenewalWhoseAnswerIsLostIsFoundToBeItsOwn() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        time.pass(BEAT);
        owner.way.next("PUT owners/", TestWay.ANSWER_IS_LOST);
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(owner.registry::beat);
        assertThat(owner.registry.leaseAge()).isEqualTo(BEAT);
        time.pass(BEAT);
        owner.way.take();

        owner.registry.beat();

        assertThat(owner.way.takeKinds()).containsExactly("PUT", "LIST");
        // it may have been written as early as the first attempt began
        assertThat(owner.registry.leaseAge()).isEqualTo(BEAT);
        assertThat(owner.lost).isEmpty();
        assertThat(owner.registry.holds(id)).isTrue();
    }

    @Test
    void whatCouldNotBeRenewedMayNotBeUsedUntilItIs() {
        TestOwner owner = owner();
        CacheId id = owner.create();
        time.pass(LEASE);
        owner.way.next("PUT owners/", TestWay.isAnswered(503));

        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(owner.registry::requireAlive);
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> {
                    owner.way.next("PUT owners/", TestWay.isAnswered(500));
                    owner.registry.lock(id, null);
                })
                .withMessageContaining(id.value());

        owner.registry.requireAlive();
        assertThat(owner.registry.holds(id)).isTrue();
    }

    @Test
    void aPausedOwnerThatRenewsBeforeTheDeadMarkLives() {
        TestOwner paused = owner();
        TestOwner sweeper = owner();
        CacheId id = paused.create();
        time.pass(LAPSE);
        String next = S3Keys.link(paused.name(), 2);
        sweeper.registry.requireAlive();
        sweeper.way.next("PUT " + next, TestWay.after(paused.registry::beat));

        assertThat(sweeper.registry.sweep().directories()).isZero();

        assertThat(bucket.content(next)).isNotEmpty();
        assertThat(paused.registry.holds(id)).isTrue();
        assertThat(paused.lost).isEmpty();
    }

    @Test
    void aPausedOwnerThatComesAfterTheDeadMarkIsLost() {
        TestOwner paused = owner();
        TestOwner sweeper = owner();
        CacheId id = paused.create();
        String dead = paused.name();
        time.pass(LAPSE);

        assertThat(sweeper.registry.sweep().directories()).isOne();
        assertThat(bucket.content(S3Keys.link(dead, 2))).isEmpty();
        paused.registry.beat();

        assertThat(paused.lost).containsExactly(id);
        assertThat(paused.registry.holds(id)).isFalse();
        assertThatExceptionOfType(CacheLostException.class).isThrownBy(() -> paused.registry.release(id));
        CacheId another = paused.create();
        assertThat(paused.name()).isNotEqualTo(dead);
        assertThat(paused.owners(another)).containsExactly(paused.name());
    }

    @Test
    void aMarkThatIsNotTheHighestAnyMoreKillsNobody() {
        TestOwner paused = owner();
        TestOwner sweeper = owner();
        CacheId id = paused.create();
        time.pass(LAPSE);
        sweeper.registry.requireAlive();
        TestWay way = sweeper.way;
        // its copy arrives when the owner has gone on by three links, in the hole that the first of them left
        way.next("PUT " + S3Keys.link(paused.name(), 2), way.arrivesLate());
        assertThat(sweeper.registry.sweep().deadOwners()).isZero();
        for (int beat = 0; beat < 3; beat++) {
            paused.registry.beat();
        }
        assertThat(way.arrive()).containsExactly(true);

        sweeper.registry.sweep();

        assertThat(paused.registry.holds(id)).isTrue();
        assertThat(paused.lost).isEmpty();
    }

    @Test
    void aMarkThatWasWrittenIntoAHoleKillsNobody() {
        TestOwner paused = owner();
        TestOwner sweeper = owner();
        CacheId id = paused.create();
        time.pass(LAPSE);
        sweeper.registry.requireAlive();
        String mark = S3Keys.link(paused.name(), 2);
        sweeper.way.next("PUT " + mark, TestWay.after(() -> {
            for (int beat = 0; beat < 3; beat++) {
                paused.registry.beat();
            }
        }));

        assertThat(sweeper.registry.sweep().deadOwners()).isZero();

        assertThat(bucket.content(mark)).isEmpty();
        assertThat(paused.registry.holds(id)).isTrue();
        assertThat(paused.lost).isEmpty();
    }

    @Test
    void aRenewalThatTookTooLongIsNoneAlthoughItWasWritten() {
        TestOwner paused = owner();
        CacheId id = paused.create();
        paused.way.next("PUT owners/", TestWay.before(() -> time.pass(TOO_SLOW)));

        paused.registry.beat();

        assertThat(paused.lost).containsExactly(id);
        assertThat(paused.registry.owner()).isNull();
    }

    @Test
    void anOwnerWhoseChainIsGoneIsLost() {
        TestOwner paused = owner();
        TestOwner sweeper = owner();
        CacheId id = paused.create();
        String dead = paused.name();
        time.pass(LAPSE);
        sweeper.registry.sweep();
        time.pass(LONG);
        sweeper.registry.sweep();
        assertThat(bucket.keys(S3Keys.chain(dead))).isEmpty();

        paused.registry.beat();

        assertThat(paused.lost).containsExactly(id);
    }

    @Test
    void anOwnerWhoLeftIsDeadAtOnce() {
        TestOwner leaving = owner();
        TestOwner sweeper = owner();
        CacheId id = leaving.create();
        String name = leaving.name();
        leaving.registry.beat();
        leaving.registry.beat();

        leaving.close();
        assertThat(bucket.keys(S3Keys.chain(name))).isEmpty();

        assertThat(sweeper.registry.sweep().directories()).isOne();
        assertThat(sweeper.wiped).containsExactly(id);
    }

    @Test
    void aLeaseThatIsLongerThanOnesOwnIsRespected() {
        S3RegistrySettings patient = new S3RegistrySettings(LEASE.multipliedBy(10), HORIZON, Duration.ZERO);
        TestOwner other = new TestOwner(bucket, time, patient).alive();
        TestOwner sweeper = owner();
        CacheId id = other.create();
        time.pass(LEASE.multipliedBy(9));

        assertThat(sweeper.registry.sweep().deadOwners()).isZero();
        assertThat(other.registry.holds(id)).isTrue();

        time.pass(LAPSE);
        assertThat(sweeper.registry.sweep().deadOwners()).isOne();
        other.close();
    }

    @Test
    void theClockOfTheStoreIsBelievedToTheSecondOnly() {
        TestOwner silent = owner();
        TestOwner sweeper = owner();
        silent.create();

        time.pass(LEASE);
        assertThat(sweeper.registry.sweep().deadOwners()).isZero();

        time.pass(Duration.ofSeconds(1));
        assertThat(sweeper.registry.sweep().deadOwners()).isOne();
    }

    @Test
    void aDeadMarkThatMayNotHaveBeenWrittenIsNotBelievedYet() {
        TestOwner silent = owner();
        TestOwner sweeper = owner();
        CacheId id = silent.create();
        time.pass(LAPSE);
        sweeper.registry.requireAlive();
        sweeper.way.next("PUT " + S3Keys.link(silent.name(), 2), TestWay.ANSWER_IS_LOST);

        assertThat(sweeper.registry.sweep().directories()).isZero();
        assertThat(sweeper.sees(id)).isTrue();

        assertThat(sweeper.registry.sweep().directories()).isOne();
    }
}
