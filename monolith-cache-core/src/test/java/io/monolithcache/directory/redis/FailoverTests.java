// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis fails over to a copy that is behind, between the steps of different owners. */
class FailoverTests extends StepByStep {

    private TestOwner maker;
    private TestOwner holder;
    private TestOwner other;

    @BeforeEach
    void open() {
        maker = livingOwner();
        holder = livingOwner();
        other = livingOwner();
    }

    /** Redis does not know that the holder attached, and the holder does not know that. */
    private CacheId attachedAndForgotten() {
        CacheId id = maker.create();
        RedisCopy before = copy();
        holder.registry.attach(id);
        failOver(before, other);
        return id;
    }

    private void assertHoldsOnceItHasTold(CacheId id) {
        assertThat(holder.registry.holds(id)).isTrue();
        reconnect(holder);
        ageEpoch();
        assertThat(other.registry.sweep().directories()).isZero();
        assertHolds(holder, id);
    }

    /** Rule 1: a failover is a new epoch, in which nothing is decided before everybody has told what he holds. */
    @Test
    void aSweepWaitsForThoseWhoHaveNotToldYet() {
        CacheId id = attachedAndForgotten();
        endLease(maker.name());

        assertThat(other.registry.sweep().directories()).isZero();
        assertThat(hash(id)).containsEntry("phase", "live");

        assertHoldsOnceItHasTold(id);
    }

    /** Rule 1, the same for an evict. */
    @Test
    void anEvictWaitsForThoseWhoHaveNotToldYet() {
        CacheId id = attachedAndForgotten();
        endLease(maker.name());

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(() -> other.registry.evict(id))
                .withMessageContaining("Try again in");

        assertHoldsOnceItHasTold(id);
    }

    /** Rule 1, the same for a release. */
    @Test
    void aReleaseWaitsForThoseWhoHaveNotToldYet() {
        CacheId id = attachedAndForgotten();
        reconnect(maker);

        maker.registry.release(id);
        awaitReleased(id, maker.name());

        assertHoldsOnceItHasTold(id);
    }

    /** Redis does not know that it was locked, and nobody holds it. */
    private CacheId lockedAndForgotten() {
        CacheId id = maker.create();
        RedisCopy before = copy();
        maker.registry.lock(id, null);
        maker.registry.release(id);
        awaitReleased(id, maker.name());
        failOver(before, other);
        maker.close();
        return id;
    }

    /** Rule 1: a sweep asks the disk whether a cache is locked. */
    @Test
    void aSweepBringsALockBackThatRedisHasForgotten() {
        CacheId id = lockedAndForgotten();
        ageEpoch();

        assertThat(other.registry.sweep().directories()).isZero();

        assertStillLocked(id);
    }

    /** Rule 1: so does a release. Nobody who held it then brings the lock back, and no sweep has come by since. */
    @Test
    void aReleaseDoesNotWipeWhatTheDiskSaysIsLocked() {
        CacheId id = lockedAndForgotten();
        // drops the dead reference, and decides nothing
        other.registry.sweep();
        ageEpoch();
        // so that it attaches under one name
        reconnect(holder);

        holder.registry.attach(id);
        holder.registry.release(id);
        awaitReleased(id, holder.name());

        assertThat(holder.wiped).isEmpty();
        other.registry.sweep();
        assertStillLocked(id);
    }

    private void assertStillLocked(CacheId id) {
        assertOnlyLeft(other, id);
        assertThat(other.registry.find(id).orElseThrow().locked()).isTrue();
    }

    /** Rule 4: a lock that the disk does not know is what a failover brings back of an unlock. */
    @Test
    void aLockThatWasTakenAwayBeforeAFailoverDoesNotStandForEver() {
        CacheId id = holder.create();
        holder.registry.lock(id, null);
        RedisCopy locked = copy();
        holder.registry.unlock(id);

        failOver(locked, other);
        reconnect(holder);
        holder.registry.release(id);
        awaitReleased(id, holder.name());
        endFormerLeases(holder);
        ageEpoch();

        assertThat(other.registry.sweep().directories()).isOne();
        assertThat(other.wiped).containsExactly(id);
    }

    /**
     * Rule 1: before the epoch is old enough, what Redis has forgotten is not even noted as what is to be wiped. A
     * failover could bring that note back when it is held, or locked, again.
     */
    @Test
    void nothingIsNotedForAWipeWhileTheHoldersHaveNotTold() {
        CacheId id = holder.create();
        admin().flushall();
        other.registry.sweep();
        RedisCopy emptied = copy();
        reconnect(holder);
        holder.registry.lock(id, null);
        holder.registry.release(id);
        awaitReleased(id, holder.name());

        failOver(emptied, other);
        reconnect(other);
        ageEpoch();

        assertThat(other.registry.sweep().directories()).isZero();
        assertStillLocked(id);
    }
}
