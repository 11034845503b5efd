// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import org.junit.jupiter.api.Test;

/** An owner recovers, or Redis forgets everything, between two steps of one call. */
class RecoveryDuringACallTests extends StepByStep {

    private CacheId unlockedWhileItRecovers(TestOwner holder, DiskHooks disk) {
        CacheId id = holder.create();
        holder.registry.lock(id, null);
        disk.onceBefore("unlock", () -> reconnect(holder));
        holder.registry.unlock(id);
        return id;
    }

    /** The recovery has read metadata that say locked, and told Redis. */
    @Test
    void whatIsUnlockedIsNotLockedAgain() {
        DiskHooks disk = new DiskHooks();
        TestOwner holder = owner(disk);

        CacheId id = unlockedWhileItRecovers(holder, disk);

        assertThat(holder.registry.find(id).orElseThrow().locked()).isFalse();
    }

    @Test
    void whatIsUnlockedGoesWithItsLastHolder() {
        DiskHooks disk = new DiskHooks();
        TestOwner holder = owner(disk);
        CacheId id = unlockedWhileItRecovers(holder, disk);
        endFormerLeases(holder);

        holder.registry.release(id);

        assertOnlyLeft(holder);
    }

    private void forgetWhileItIsMarked(DiskHooks disk, TestOwner holder) {
        disk.onceBefore("mark", () -> {
            admin().flushall();
            fallSilent(holder);
            holder.registry.requireAlive();
        });
    }

    @Test
    void aForcedEvictThatRedisForgetsIsRepeated() {
        DiskHooks slow = new DiskHooks();
        TestOwner evicting = owner(slow);
        TestOwner holder = owner();
        CacheId id = holder.create();
        evicting.registry.release(evicting.create());
        forgetWhileItIsMarked(slow, holder);

        evicting.registry.evictForcibly(id);

        assertThat(holder.isThere(id)).isFalse();
    }

    @Test
    void anEvictThatRedisForgetsIsNotToldAsDone() {
        DiskHooks slow = new DiskHooks();
        TestOwner evicting = owner(slow);
        TestOwner holder = owner();
        CacheId id = holder.create();
        evicting.registry.release(evicting.create());
        endLease(holder.name());
        forgetWhileItIsMarked(slow, holder);

        assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> evicting.registry.evict(id));

        assertThat(holder.isThere(id)).isTrue();
    }
}
