// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.redis.Stops.Stop;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A create or a release stands still between two of its steps. */
class StoppedCallTests extends StepByStep {

    /** A create that Redis knows of, and whose directory is not there yet. */
    private record Creation(CacheId id, Stop publish, Future<Boolean> made) {

        boolean isMade() throws Exception {
            publish.letGo();
            return resultOf(made);
        }
    }

    private Creation creationThatStops(TestOwner maker) {
        CacheId id = CacheId.random(Instant.now());
        Stop publish = maker.stops.before("publish");
        Future<Boolean> made = inBackground(() -> maker.registry.create(id, Map.of()));
        publish.awaitReached();
        return new Creation(id, publish, made);
    }

    /** Rule 3, the last look of a create. Without it, a cache is handed out that was wiped before it was there. */
    @Test
    void aCreateThatStoodStillForALeaseIsNotToldWhatIsGone() throws Exception {
        TestOwner maker = livingOwner();
        TestOwner sweeper = livingOwner();
        Creation creation = creationThatStops(maker);

        fallSilent(maker);
        sweeper.registry.sweep();
        assertThat(hash(creation.id())).isEmpty();

        assertThat(creation.isMade()).isFalse();
        assertThat(maker.registry.holds(creation.id())).isFalse();
        ageEpoch();
        sweeper.registry.sweep();
        assertOnlyLeft(sweeper);
    }

    /** It was silent, and nobody has noticed: then there is nothing wrong with what it made. */
    @Test
    void aCreateThatStoodStillUnnoticedIsMade() throws Exception {
        TestOwner maker = livingOwner();
        TestOwner sweeper = livingOwner();
        Creation creation = creationThatStops(maker);

        fallSilent(maker);

        assertThat(creation.isMade()).isTrue();
        sweeper.registry.sweep();
        assertHolds(maker, creation.id());
    }

    /** Rule 1: what had no directory to be marked is not renamed. It may have come, unmarked, and be held by now. */
    @Test
    void aWipeThatFoundNoDirectoryDoesNotTakeOneThatComesLater() throws Exception {
        TestOwner maker = livingOwner();
        TestOwner sweeper = livingOwner();
        TestOwner other = livingOwner();
        Creation creation = creationThatStops(maker);
        RedisCopy created = copy();
        fallSilent(maker);
        Stop rename = sweeper.stops.before("trash");
        Future<SweepReport> sweep = sweepInBackground(sweeper);
        await(() -> sweep.isDone() || rename.isReached());

        failOver(created, other);
        assertThat(creation.isMade()).isTrue();
        assertHolds(maker, creation.id());
        rename.letGo();

        assertThat(resultOf(sweep).directories()).isZero();
        assertHolds(maker, creation.id());
    }

    /**
     * Rule 1: the end of a wipe forgets only what is to be wiped. Else a sweep would find what nobody knows, and wipe
     * it.
     */
    @Test
    void aWipeThatFoundNoDirectoryDoesNotForgetWhatComesLater() throws Exception {
        TestOwner maker = livingOwner();
        TestOwner sweeper = livingOwner();
        TestOwner other = livingOwner();
        Creation creation = creationThatStops(maker);
        RedisCopy created = copy();
        fallSilent(maker);
        Stop marked = sweeper.stops.after("mark");
        Future<SweepReport> sweep = sweepInBackground(sweeper);
        marked.awaitReached();

        failOver(created, other);
        assertThat(creation.isMade()).isTrue();
        marked.letGo();
        resultOf(sweep);
        ageEpoch();

        assertThat(other.registry.sweep().directories()).isZero();
        assertHolds(maker, creation.id());
    }

    /** What a release has read before a recovery decides nothing: a sweep looks again. */
    @Test
    void aReleaseThatWasOvertakenByARecoveryLeavesTheDecisionToASweep() throws Exception {
        TestOwner holder = livingOwner();
        TestOwner sweeper = livingOwner();
        CacheId id = holder.create();
        // of such a one Redis may not know all, so a release looks
        admin().hset(keys.cache(id), "epoch", "the one before");
        ageEpoch();
        Stop look = holder.stops.after("look");
        Future<?> release = inBackground(() -> holder.registry.release(id));
        look.awaitReached();

        reconnect(holder);
        look.letGo();
        resultOf(release);
        awaitReleased(id, holder.name());

        assertThat(hash(id)).containsEntry("phase", "live");
        assertThat(sweeper.registry.sweep().directories()).isOne();
        assertOnlyLeft(sweeper);
    }
}
