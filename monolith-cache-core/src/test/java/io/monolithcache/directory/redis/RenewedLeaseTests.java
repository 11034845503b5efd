// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.redis.Stops.Stop;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A recovery in an epoch that has forgotten nothing: until all is told in the new name, the old one stands for it. */
class RenewedLeaseTests extends StepByStep {

    private static final Duration MOST_OF_A_LEASE = Duration.ofSeconds(45);

    private static final Duration REST = Duration.ofSeconds(20);

    /** As if so much time had passed for that lease. */
    private void letPass(Duration time, String incarnation) {
        long left = admin().pttl(keys.owner(incarnation)) - time.toMillis();
        if (left > 0) {
            admin().pexpire(keys.owner(incarnation), left);
        } else {
            endLease(incarnation);
        }
    }

    private Future<?> recoverInBackground(TestOwner owner) {
        return inBackground(() -> untilTold(owner.registry::requireAlive));
    }

    /** Rule 1. Without it, a sweep decides and asks for the last time, before the recovery turns the wipe back. */
    @Test
    void whatIsNotToldYetIsNotWipedWhenTheLeaseBeforeWasAboutToEnd() throws Exception {
        TestOwner holder = owner();
        TestOwner sweeper = livingOwner();
        CacheId id = holder.create();
        String before = holder.name();
        Stop look = holder.stops.after("look");
        letPass(MOST_OF_A_LEASE, before);

        holder.way.breakConnections();
        Future<?> recovery = recoverInBackground(holder);
        look.awaitReached();
        letPass(REST, before);
        assertThat(sweeper.registry.sweep().directories()).isZero();
        look.letGo();
        resultOf(recovery);

        assertHolds(holder, id);
    }

    /** Rule 1. An attempt that broke off may have told half of it, and nobody knows it by the name before any more. */
    @Test
    void whatAnAttemptThatBrokeOffHasToldIsNotWipedEither() throws Exception {
        TestOwner holder = owner();
        TestOwner sweeper = livingOwner();
        for (int i = 0; i <= Recovery.BATCH; i++) {
            CacheId unused = holder.create();
        }
        Stop firstAnswer = holder.stops.afterScript(RedisScript.REGISTER);
        holder.way.breakConnections();
        Future<?> recovery = recoverInBackground(holder);
        firstAnswer.awaitReached();
        String half = holder.name();
        Stop nextLease = holder.stops.afterScript(RedisScript.LEASE);
        letPass(MOST_OF_A_LEASE, half);

        holder.way.breakConnections();
        firstAnswer.letGo();
        nextLease.awaitReached();
        letPass(REST, half);
        assertThat(sweeper.registry.sweep().directories()).isZero();
        nextLease.letGo();
        resultOf(recovery);

        assertThat(holder.name()).isNotEqualTo(half);
        assertThat(holder.lost).isEmpty();
        assertThat(holder.storage.list()).hasSize(Recovery.BATCH + 1);
    }

    /** Rule 1. It has lapsed, although the clocks of the machine do not say so. */
    @Test
    void whoseLeaseHasEndedInRedisObeysAWipe() throws Exception {
        TestOwner holder = owner();
        TestOwner sweeper = livingOwner();
        CacheId id = holder.create();
        endLease(holder.name());
        Stop rename = sweeper.stops.before("trash");
        Future<SweepReport> sweep = sweepInBackground(sweeper);
        rename.awaitReached();

        reconnect(holder);

        assertThat(holder.lost).containsExactly(id);
        rename.letGo();
        assertThat(resultOf(sweep).directories()).isOne();
        assertOnlyLeft(sweeper);
    }
}
