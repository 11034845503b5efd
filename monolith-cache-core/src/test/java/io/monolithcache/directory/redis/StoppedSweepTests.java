// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.redis.Stops.Stop;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A sweep stands still between its look and its decision. */
class StoppedSweepTests extends StepByStep {

    /** One that somebody holds, and that a sweep looks at nevertheless: somebody else who held it has died. */
    private CacheId createdBesideADeadOwner(TestOwner holder) {
        TestOwner dead = owner();
        CacheId id = holder.create();
        dead.registry.attach(id);
        endLease(dead.name());
        return id;
    }

    /**
     * Rule 1, the epoch of the decision. Without it, a lock is overlooked that came after the look and was forgotten.
     */
    @Test
    void aSweepDoesNotDecideInAnotherEpochThanItLooked() throws Exception {
        TestOwner locker = owner();
        TestOwner sweeper = livingOwner();
        TestOwner other = livingOwner();
        CacheId id = createdBesideADeadOwner(locker);
        RedisCopy unlocked = copy();
        Stop look = sweeper.stops.after("look");
        Future<SweepReport> sweep = sweepInBackground(sweeper);
        look.awaitReached();

        locker.registry.lock(id, null);
        locker.registry.release(id);
        awaitReleased(id, locker.name());
        failOver(unlocked, other);
        endLease(locker.name());
        ageEpoch();
        look.letGo();

        assertThat(resultOf(sweep).directories()).isZero();
        assertStillLocked(other, id);
    }

    /**
     * Rule 1, the stamp of a lock, and that the disk knows it first. A lock that was set while a sweep looked is not
     * the one that it saw; if Redis knew it first, it would be, and the disk did not know it then.
     */
    @Test
    void aLockThatIsSetWhileASweepLooksStands() throws Exception {
        TestOwner locker = owner();
        TestOwner sweeper = livingOwner();
        CacheId id = createdBesideADeadOwner(locker);
        Stop disk = locker.stops.before("lock");
        Future<?> lock = inBackground(() -> locker.registry.lock(id, null));
        disk.awaitReached();
        Stop look = sweeper.stops.after("look");
        Future<SweepReport> sweep = sweepInBackground(sweeper);
        look.awaitReached();

        disk.letGo();
        resultOf(lock);
        locker.registry.release(id);
        awaitReleased(id, locker.name());
        look.letGo();

        assertThat(resultOf(sweep).directories()).isZero();
        assertStillLocked(sweeper, id);
    }

    private void assertStillLocked(TestOwner owner, CacheId id) {
        owner.registry.sweep();
        assertOnlyLeft(owner, id);
        assertThat(owner.registry.find(id).orElseThrow().locked()).isTrue();
    }
}
