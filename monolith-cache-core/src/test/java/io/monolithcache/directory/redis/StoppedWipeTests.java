// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.redis.Stops.Stop;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A wipe stands still between its decision, its mark, its question and its rename. */
class StoppedWipeTests extends StepByStep {

    /** A sweep that decided to wipe what a silent owner held, and stands still at one of the steps that follow. */
    private record Wipe(TestOwner holder, TestOwner sweeper, CacheId id, Stop stop, Future<SweepReport> sweep) {

        int directories() throws Exception {
            stop.letGo();
            return resultOf(sweep).directories();
        }
    }

    private Wipe wipeThatStopsBefore(String step) {
        TestOwner holder = owner();
        TestOwner sweeper = livingOwner();
        CacheId id = holder.create();
        fallSilent(holder);
        Stop stop = sweeper.stops.before(step);
        Future<SweepReport> sweep = sweepInBackground(sweeper);
        stop.awaitReached();
        return new Wipe(holder, sweeper, id, stop, sweep);
    }

    /** Rule 1, the question before the rename. Without it, what was decided is done, whoever has come back since. */
    @Test
    void aWipeThatStoodStillBeforeItsMarkGivesUpWhenTheHolderIsBack() throws Exception {
        Wipe wipe = wipeThatStopsBefore("mark");

        admin().flushall();
        wipe.holder().registry.requireAlive();

        assertThat(wipe.directories()).isZero();
        assertHolds(wipe.holder(), wipe.id());
    }

    /** Rule 1, the mark. Without it, a holder that comes back after the question goes on while its cache vanishes. */
    @Test
    void whoComesBackAfterTheLastQuestionSeesTheMarkOfTheWipe() throws Exception {
        Wipe wipe = wipeThatStopsBefore("trash");

        admin().flushall();
        wipe.holder().registry.requireAlive();

        assertThat(wipe.holder().lost).containsExactly(wipe.id());
        assertThat(wipe.directories()).isOne();
        wipe.sweeper().registry.requireAlive();
        assertOnlyLeft(wipe.sweeper());
    }

    /** Rule 3, the look of an attach. Without it, who attaches after a failover is given what is about to vanish. */
    @Test
    void whoAttachesAfterTheLastQuestionSeesTheMarkOfTheWipe() throws Exception {
        TestOwner comer = livingOwner();
        TestOwner holder = owner();
        TestOwner sweeper = livingOwner();
        CacheId id = holder.create();
        RedisCopy held = copy();
        fallSilent(holder);
        Stop rename = sweeper.stops.before("trash");
        Future<SweepReport> sweep = sweepInBackground(sweeper);
        rename.awaitReached();

        failOver(held, comer);
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> comer.registry.attach(id));

        rename.letGo();
        assertThat(resultOf(sweep).directories()).isOne();
        assertThat(comer.registry.holds(id)).isFalse();
        assertEndsWithNothing(comer, holder);
    }

    /** Rule 3, the same a step later. */
    @Test
    void whoAttachesAfterTheRenameSeesThatThereIsNothing() throws Exception {
        TestOwner comer = livingOwner();
        TestOwner holder = owner();
        TestOwner sweeper = livingOwner();
        CacheId id = holder.create();
        RedisCopy held = copy();
        fallSilent(holder);
        assertThat(sweeper.registry.sweep().directories()).isOne();

        failOver(held, comer);
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> comer.registry.attach(id));

        assertThat(comer.registry.holds(id)).isFalse();
        assertEndsWithNothing(comer, holder);
    }

    /** Rule 4: not even what a failover brought back. */
    private void assertEndsWithNothing(TestOwner sweeper, TestOwner dead) {
        sweeper.registry.requireAlive();
        endLease(dead.name());
        endFormerLeases(sweeper);
        ageEpoch();
        sweeper.registry.sweep();
        assertOnlyLeft(sweeper);
    }

    /**
     * What a failover leaves that loses the return of a holder: Redis says that a cache is to be wiped, and the holder,
     * who was not silent since, has not told it otherwise yet.
     */
    private RedisCopy overtaken(Wipe wipe) {
        RedisCopy decided = copy();
        admin().flushall();
        wipe.holder().registry.requireAlive();
        assertHolds(wipe.holder(), wipe.id());
        return decided;
    }

    /** Rules 1 and 5. */
    private void assertTurnsTheWipeBack(Wipe wipe) {
        reconnect(wipe.holder());
        assertHolds(wipe.holder(), wipe.id());
        assertThat(look(wipe.holder(), wipe.id())).isEqualTo(Look.FREE);
        assertThat(wipe.sweeper().registry.sweep().directories()).isZero();
        assertHolds(wipe.holder(), wipe.id());
    }

    /** Rule 1, the epoch in the question. Without it, a wipe goes on that Redis wants again after a failover. */
    @Test
    void aWipeThatWasDecidedInAnotherEpochIsNotFinished() throws Exception {
        Wipe wipe = wipeThatStopsBefore("mark");
        RedisCopy decided = overtaken(wipe);

        failOver(decided, wipe.sweeper());

        assertThat(wipe.directories()).isZero();
        assertThat(wipe.holder().registry.holds(wipe.id())).isTrue();
        assertTurnsTheWipeBack(wipe);
    }

    /** Rule 1, the age of the epoch. Without it, the first sweep after a failover finishes what is not wanted. */
    @Test
    void aWipeThatAFailoverBringsBackIsNotFinishedByASweepBeforeTheHoldersHaveTold() throws Exception {
        Wipe wipe = wipeThatStopsBefore("mark");
        RedisCopy decided = overtaken(wipe);
        assertThat(wipe.directories()).isZero();

        failOver(decided, wipe.sweeper());

        assertThat(wipe.sweeper().registry.sweep().directories()).isZero();
        assertThat(wipe.holder().registry.holds(wipe.id())).isTrue();
        assertTurnsTheWipeBack(wipe);
    }

    /** Rule 1, the same for an evict. */
    @Test
    void aWipeThatAFailoverBringsBackIsNotFinishedByAnEvictBeforeTheHoldersHaveTold() throws Exception {
        Wipe wipe = wipeThatStopsBefore("mark");
        RedisCopy decided = overtaken(wipe);
        assertThat(wipe.directories()).isZero();

        failOver(decided, wipe.sweeper());

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> wipe.sweeper().registry.evict(wipe.id()))
                .withMessageContaining("Try again in");
        assertThat(wipe.holder().registry.holds(wipe.id())).isTrue();
        assertTurnsTheWipeBack(wipe);
    }

    /** What was decided over a connection is not done over another one: meanwhile it may be another Redis. */
    @Test
    void aWipeWhoseConnectionBreaksIsLeftToTheNextSweep() throws Exception {
        Wipe wipe = wipeThatStopsBefore("mark");

        wipe.sweeper().way.holdRequests(true);
        wipe.stop().letGo();
        // the question: a client that restores its connection would send it again
        await(wipe.sweeper().way::isHolding);
        wipe.sweeper().way.breakConnections();
        wipe.sweeper().way.holdRequests(false);

        assertThat(failure(wipe.sweep())).isInstanceOf(CacheBackendException.class);
        assertThat(look(wipe.sweeper(), wipe.id())).isEqualTo(Look.FREE);
        untilTold(() -> wipe.sweeper().registry.sweep());
        assertThat(wipe.sweeper().wiped).containsExactly(wipe.id());
        assertOnlyLeft(wipe.sweeper());
    }

    /** Who was silent cannot turn a wipe back: others may rely on it, and the mark may come any moment. */
    @Test
    void aSilentHolderThatComesBackBeforeTheMarkHasLostItsCache() throws Exception {
        Wipe wipe = wipeThatStopsBefore("mark");

        wipe.holder().registry.requireAlive();

        assertThat(wipe.holder().lost).containsExactly(wipe.id());
        assertThat(wipe.directories()).isOne();
        assertOnlyLeft(wipe.sweeper());
    }
}
