// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.redis.Stops.Stop;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A wiper has died after its mark, before its question, in a cache that somebody holds again. */
class LeftMarkTests extends StepByStep {

    private record Marked(TestOwner holder, CacheId id) {}

    /** A failover has lost the release; somebody attaches before the wiper, who is slow, puts its mark. */
    private Marked marked() throws Exception {
        TestOwner holder = livingOwner();
        TestOwner releasing = owner();
        CacheId id = releasing.create();
        RedisCopy held = copy();
        Stop mark = releasing.stops.before("mark");
        Stop death = releasing.stops.after("mark");
        Future<?> unused = inBackground(() -> releasing.registry.release(id));
        mark.awaitReached();
        failOver(held, holder);
        holder.registry.attach(id);
        mark.letGo();
        death.awaitReached();
        // what the failover brought back of it
        releasing.registry.requireAlive();
        endFormerLeases(releasing);
        ageEpoch();
        assertThat(holder.storage.isMarked(id)).isTrue();
        assertHolds(holder, id);
        return new Marked(holder, id);
    }

    /** Rule 1. Without it, a sweep takes the lock for what is left of an unlock. */
    @Test
    void itDoesNotHideALockFromASweep() throws Exception {
        Marked cache = marked();
        TestOwner sweeper = livingOwner();
        cache.holder().registry.lock(cache.id(), null);
        cache.holder().registry.release(cache.id());

        assertThat(sweeper.registry.sweep().directories()).isZero();

        assertThat(sweeper.isThere(cache.id())).isTrue();
        assertThat(sweeper.registry.find(cache.id()).orElseThrow().locked()).isTrue();
    }

    /** Rule 1, the same for whoever tells it again. */
    @Test
    void itDoesNotHideALockFromARecovery() throws Exception {
        Marked cache = marked();
        cache.holder().registry.lock(cache.id(), null);

        admin().flushall();
        reconnect(cache.holder());

        assertThat(cache.holder().registry.find(cache.id()).orElseThrow().locked())
                .isTrue();
    }

    @Test
    void aSweepOfItsHolderLetsOthersAttachAgain() throws Exception {
        Marked cache = marked();
        TestOwner comer = livingOwner();

        assertThat(cache.holder().registry.sweep().directories()).isZero();

        assertHolds(cache.holder(), cache.id());
        assertThatNoException().isThrownBy(() -> comer.registry.attach(cache.id()));
    }

    /** Rule 1. Others do not know whether the wiper goes on: who is about to attach looks like a holder to them. */
    @Test
    void aSweepOfAnybodyElseLeavesIt() throws Exception {
        Marked cache = marked();

        assertThat(livingOwner().registry.sweep().directories()).isZero();

        assertThat(cache.holder().storage.isMarked(cache.id())).isTrue();
    }
}
