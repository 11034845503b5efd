// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import org.junit.jupiter.api.Test;

/** A step on the disk fails, or whoever is to do it is gone: the rest is done, or taken back. */
class BrokenOffStepTests extends StepByStep {

    private static void failOnceBefore(String step, DiskHooks disk) {
        disk.onceBefore(step, () -> {
            throw new CacheBackendException("Could not look: Input/output error", null);
        });
    }

    /** From here on a sweep looks at nothing but what is due. */
    private void settle(TestOwner... owners) {
        ageEpoch();
        for (TestOwner owner : owners) {
            owner.registry.sweep();
        }
    }

    /** As if a lease had passed since something was noted to be done after that. */
    private void letPassWhatIsDue(TestOwner owner) {
        String due = keys.due(owner.storage.root());
        admin().zrange(due, 0, -1).forEach(member -> admin().zadd(due, 0, member));
    }

    @Test
    void anEvictThatTheDiskBrokeOffIsFinishedByTheNextSweep() {
        DiskHooks disk = new DiskHooks();
        TestOwner evicting = owner(disk);
        CacheId id = evicting.createLocked();
        settle(evicting);

        failOnceBefore("mark", disk);
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> evicting.registry.evict(id));
        evicting.registry.sweep();

        assertOnlyLeft(evicting);
    }

    @Test
    void aForcedEvictThatTheDiskBrokeOffIsFinishedByAnotherOwnerAfterALease() {
        DiskHooks disk = new DiskHooks();
        TestOwner evicting = owner(disk);
        TestOwner other = livingOwner();
        CacheId id = other.create();
        evicting.registry.release(evicting.create());
        settle(evicting, other);

        failOnceBefore("mark", disk);
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> evicting.registry.evictForcibly(id));
        letPassWhatIsDue(other);
        other.registry.sweep();

        assertOnlyLeft(other);
    }

    @Test
    void aWipeThatAClosingOwnerBrokeOffIsFinishedByAnotherAfterALease() {
        DiskHooks disk = new DiskHooks();
        TestOwner closing = owner(disk);
        TestOwner other = livingOwner();
        CacheId id = closing.create();
        settle(closing, other);

        disk.onceAfter("mark", closing.way::breakConnections);
        closing.registry.release(id);
        closing.registry.close();
        assertThat(other.isThere(id)).isTrue();
        letPassWhatIsDue(other);
        other.registry.sweep();

        assertOnlyLeft(other);
    }

    @Test
    void anAttachThatTheDiskBrokeOffLeavesNoReference() {
        DiskHooks disk = new DiskHooks();
        TestOwner attaching = owner(disk);
        TestOwner holder = livingOwner();
        attaching.registry.release(attaching.create());
        CacheId id = holder.create();
        settle(attaching, holder);

        failOnceBefore("look", disk);
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> attaching.registry.attach(id));
        holder.registry.release(id);

        assertOnlyLeft(holder);
    }

    /** Whoever released it meanwhile left it to the reference that is taken back. */
    @Test
    void whatWasReleasedDuringAnAttachThatFailedIsWipedByTheNextSweep() {
        DiskHooks disk = new DiskHooks();
        TestOwner attaching = owner(disk);
        TestOwner holder = livingOwner();
        attaching.registry.release(attaching.create());
        CacheId id = holder.create();
        settle(attaching, holder);

        disk.onceBefore("look", () -> {
            holder.registry.release(id);
            throw new CacheBackendException("Could not look: Input/output error", null);
        });
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> attaching.registry.attach(id));
        holder.registry.sweep();

        assertOnlyLeft(holder);
    }

    @Test
    void aSweepGoesOnWhenTheDiskCannotSayWhetherOneIsMarked() {
        DiskHooks disk = new DiskHooks();
        TestOwner holder = owner(disk);
        CacheId id = holder.create();

        failOnceBefore("isMarked", disk);
        holder.registry.sweep();

        assertThat(holder.registry.holds(id)).isTrue();
        assertOnlyLeft(holder, id);
    }
}
