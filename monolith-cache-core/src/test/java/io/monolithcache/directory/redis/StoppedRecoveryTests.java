// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.redis.Stops.Stop;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** An owner stands still while it tells Redis again what it holds, or comes back while others stand still. */
class StoppedRecoveryTests extends StepByStep {

    /**
     * Rule 3, the second look at the disk. Without it, an owner makes a record of what was wiped, and goes on with it.
     */
    @Test
    void whatIsWipedBetweenTheLookAndTheScriptOfARecoveryIsLost() throws Exception {
        TestOwner holder = owner();
        TestOwner sweeper = livingOwner();
        CacheId id = holder.create();
        fallSilent(holder);
        Stop look = holder.stops.after("look");
        Future<?> recovery = inBackground(holder.registry::requireAlive);
        look.awaitReached();

        assertThat(sweeper.registry.sweep().directories()).isOne();
        look.letGo();
        resultOf(recovery);

        assertThat(holder.lost).containsExactly(id);
        assertThat(holder.registry.holds(id)).isFalse();
        // the record of nothing goes too
        ageEpoch();
        sweeper.registry.sweep();
        assertOnlyLeft(sweeper);
    }

    /** Rule 1, the clock of the recovery. Without it, an owner settles that was taken for dead while it recovered. */
    @Test
    void aRecoveryThatTookALeaseBeginsAnew() throws Exception {
        TestOwner holder = owner();
        TestOwner sweeper = livingOwner();
        CacheId id = holder.create();
        Stop register = holder.stops.afterScript(RedisScript.REGISTER);
        Stop lastLook = holder.stops.after("look");
        fallSilent(holder);
        Future<?> recovery = inBackground(holder.registry::requireAlive);
        lastLook.awaitReached();
        lastLook.letGo();
        register.awaitReached();
        lastLook = holder.stops.after("look");
        register.letGo();
        lastLook.awaitReached();

        fallSilent(holder);
        assertThat(sweeper.registry.sweep().directories()).isOne();
        lastLook.letGo();
        resultOf(recovery);

        assertThat(holder.lost).containsExactly(id);
        assertThat(holder.registry.holds(id)).isFalse();
        assertOnlyLeft(sweeper);
    }

    /**
     * Rule 1, the new name. What a sweep has read of the one before is no decision about this one. (A sweep that asks
     * for leases and decides in one script would not need it for that.)
     */
    @Test
    void aSweepThatSawAnOwnerDeadTakesNothingFromItWhenItIsBack() throws Exception {
        TestOwner holder = owner();
        TestOwner sweeper = livingOwner();
        CacheId id = holder.create();
        fallSilent(holder);
        Stop look = sweeper.stops.after("look");
        Future<SweepReport> sweep = sweepInBackground(sweeper);
        look.awaitReached();

        holder.registry.requireAlive();
        look.letGo();

        assertThat(resultOf(sweep).directories()).isZero();
        assertHolds(holder, id);
    }

    /**
     * Rule 4, the new name. Without it, a reference that a failover brings back stands for as long as its owner lives.
     */
    @Test
    void aReferenceThatAFailoverBringsBackEndsWithTheNameThatItHad() {
        TestOwner first = owner();
        TestOwner second = owner();
        CacheId id = first.create();
        second.registry.attach(id);
        RedisCopy both = copy();
        first.registry.release(id);
        awaitReleased(id, first.name());

        failOver(both, second);
        reconnect(first);
        reconnect(second);
        endFormerLeases(first);
        endFormerLeases(second);
        ageEpoch();
        second.registry.release(id);
        second.registry.sweep();

        assertOnlyLeft(second);
        assertThat(second.wiped).containsExactly(id);
    }

    /** Rule 1, recovery. Without it, a reference that Redis has forgotten is not told again while the lease stands. */
    @Test
    void whoHearsOfAnotherEpochTellsAgainWhatItHolds() {
        TestOwner maker = owner();
        TestOwner comer = livingOwner();
        TestOwner other = livingOwner();
        CacheId id = maker.create();
        RedisCopy before = copy();
        comer.registry.attach(id);
        maker.registry.release(id);
        awaitReleased(id, maker.name());

        failOver(before, other);
        // whatever it does tells it
        comer.registry.release(comer.create());
        comer.registry.requireAlive();
        endLease(maker.name());
        ageEpoch();

        assertThat(other.registry.sweep().directories()).isZero();
        assertHolds(comer, id);
    }
}
