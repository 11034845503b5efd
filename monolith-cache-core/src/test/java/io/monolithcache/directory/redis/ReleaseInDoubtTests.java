// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.redis.Stops.Stop;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A release was sent, and what became of it is not known. */
class ReleaseInDoubtTests extends StepByStep {

    private void releaseWithoutAnAnswer(TestOwner holder, CacheId id) throws Exception {
        holder.way.holdAnswers(true);
        Future<?> release = inBackground(() -> holder.registry.release(id));
        await(() -> "wiping".equals(hash(id).get("phase")));
        holder.way.breakConnections();
        holder.way.holdAnswers(false);
        assertThat(failure(release)).isInstanceOf(CacheBackendException.class);
    }

    /** Rule 1. Without it, the recovery turns back what a sweep has asked for the last time, and others attach. */
    @Test
    void whoeverReleasedDoesNotTurnTheWipeBack() throws Exception {
        TestOwner holder = owner();
        TestOwner sweeper = livingOwner();
        TestOwner comer = livingOwner();
        CacheId id = holder.create();
        releaseWithoutAnAnswer(holder, id);
        Stop rename = sweeper.stops.before("trash");
        Future<SweepReport> sweep = sweepInBackground(sweeper);
        rename.awaitReached();

        untilTold(holder.registry::requireAlive);
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> comer.registry.attach(id));

        rename.letGo();
        assertThat(resultOf(sweep).directories()).isOne();
        assertOnlyLeft(sweeper);
        // nobody used it any more
        assertThat(holder.lost).isEmpty();
    }

    @Test
    void whoeverReleasedAndAttachesAgainHoldsItAsBefore() throws Exception {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();
        other.registry.attach(id);
        holder.way.holdAnswers(true);
        String before = holder.name();
        Future<?> release = inBackground(() -> holder.registry.release(id));
        await(() -> !hash(id).containsKey("o:" + before));
        holder.way.breakConnections();
        holder.way.holdAnswers(false);
        assertThat(failure(release)).isInstanceOf(CacheBackendException.class);

        untilTold(() -> holder.registry.attach(id));
        other.storage.mark(id, "wiper");
        reconnect(holder);

        assertHolds(holder, id);
    }
}
