// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.KillArgs;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.ReferenceRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A connection breaks, hangs, or brings what it brings too late, while an operation is under way. */
class BrokenConnectionTests extends SingleFailures {

    @RegisterExtension
    static final StandaloneRedis redis = StandaloneRedis.bundled();

    @Override
    LettuceConnectionFactory connect(Way way) {
        return redis.connect(way);
    }

    @Override
    RedisClusterCommands<String, String> admin() {
        return redis.admin();
    }

    private boolean isReferencedBy(CacheId id, String incarnation) {
        return hash(id).containsKey("o:" + incarnation);
    }

    @Test
    void aKilledConnectionIsReplacedAndLosesNothing() {
        TestOwner holder = owner();
        CacheId id = holder.create();
        String before = holder.name();

        admin().clientKill(KillArgs.Builder.typeNormal());
        holder.awaitRecoveries(1);

        CacheId another = holder.create();
        assertThat(holder.name()).isNotEqualTo(before);
        assertThat(holder.owners(id)).containsExactly(holder.name());
        holder.registry.release(id);
        holder.registry.release(another);
        assertThat(holder.lost).isEmpty();
        assertOnlyLeft(holder);
    }

    @Test
    void aCreateWhoseAnswerIsCutOffLeavesNothing() throws Exception {
        TestOwner maker = livingOwner();
        TestOwner other = livingOwner();
        CacheId id = CacheId.random(Instant.now());

        maker.way.holdAnswers(true);
        Future<Boolean> creation = inBackground(() -> maker.registry.create(id, Map.of()));
        await(() -> admin().exists(keys.cache(id)) == 1);
        maker.way.breakConnections();
        maker.way.holdAnswers(false);

        assertThat(failure(creation)).isInstanceOf(CacheBackendException.class).hasMessageContaining(id.value());
        maker.awaitRecoveries(1);
        endFormerLeases(maker);
        other.registry.sweep();
        assertOnlyLeft(other);
    }

    @Test
    void aCreateThatNeverArrivesLeavesNothing() throws Exception {
        TestOwner maker = livingOwner();

        maker.way.holdRequests(true);
        Future<CacheId> creation = inBackground(maker::create);
        await(() -> !creation.isDone());
        maker.way.breakConnections();
        maker.way.holdRequests(false);

        assertThat(failure(creation)).isInstanceOf(CacheBackendException.class);
        untilTold(() -> maker.registry.release(maker.create()));
        maker.registry.sweep();
        assertOnlyLeft(maker);
    }

    @Test
    void anAttachWhoseAnswerIsCutOffHoldsNothing() throws Exception {
        TestOwner holder = owner();
        TestOwner comer = livingOwner();
        CacheId id = holder.create();
        String before = comer.name();

        comer.way.holdAnswers(true);
        Future<?> attach = inBackground(() -> comer.registry.attach(id));
        await(() -> isReferencedBy(id, before));
        comer.way.breakConnections();
        comer.way.holdAnswers(false);

        assertThat(failure(attach)).isInstanceOf(CacheBackendException.class);
        assertThat(comer.registry.holds(id)).isFalse();
        comer.awaitRecoveries(1);
        holder.registry.release(id);
        endFormerLeases(comer);
        comer.registry.sweep();
        assertOnlyLeft(comer);
    }

    @Test
    void aReleaseWhoseAnswerIsCutOffCanBeToldAgain() throws Exception {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();
        other.registry.attach(id);
        String before = holder.name();

        holder.way.holdAnswers(true);
        Future<?> release = inBackground(() -> holder.registry.release(id));
        await(() -> !isReferencedBy(id, before));
        holder.way.breakConnections();
        holder.way.holdAnswers(false);

        assertThat(failure(release)).isInstanceOf(CacheBackendException.class);
        assertThat(holder.registry.holds(id)).isTrue();
        untilTold(() -> holder.registry.release(id));
        assertThat(other.owners(id)).containsExactly(other.name());
        other.registry.release(id);
        assertOnlyLeft(other);
    }

    @Test
    void aReleaseIsOnItsWayWhileRedisDoesNotAnswer() throws Exception {
        TestOwner holder = livingOwner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();

        holder.way.holdAnswers(true);
        ReferenceRegistry.Release release = Objects.requireNonNull(holder.registry.beginRelease(id));
        await(() -> "wiping".equals(hash(id).get("phase")));
        holder.way.holdAnswers(false);

        release.await();
        assertThat(holder.registry.holds(id)).isFalse();
        assertThat(other.wiped).isEmpty();
        assertThat(holder.wiped).containsExactly(id);
        assertOnlyLeft(other);
    }

    @Test
    void aReleaseOnItsWayThatIsNeverAnsweredIsStillClaimed() throws Exception {
        TestOwner holder = livingOwner();
        CacheId id = holder.create();

        holder.way.holdRequests(true);
        ReferenceRegistry.Release release = Objects.requireNonNull(holder.registry.beginRelease(id));
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(release::await)
                .withMessageContaining(id.value());
        assertThat(holder.registry.holds(id)).isTrue();
        holder.way.breakConnections();
        holder.way.holdRequests(false);

        holder.awaitRecoveries(1);
        assertThat(holder.owners(id)).containsExactly(holder.name());
        holder.registry.release(id);
        assertOnlyLeft(holder);
    }

    /** Else it would tell Redis again of a cache that the answer then takes off what is claimed. */
    @Test
    void aRecoveryWaitsForAReleaseThatIsOnItsWay() throws Exception {
        TestOwner holder = livingOwner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();
        CacheId kept = holder.create();
        other.registry.attach(id);
        String before = holder.name();

        holder.way.holdAnswers(true);
        ReferenceRegistry.Release release = Objects.requireNonNull(holder.registry.beginRelease(id));
        await(() -> !isReferencedBy(id, before));
        holder.putForward(settings.lease());
        Future<Boolean> recovered = inBackground(() -> {
            holder.registry.requireAlive();
            return true;
        });
        await(() -> !recovered.isDone());
        assertThat(holder.recoveries()).isZero();
        holder.way.holdAnswers(false);

        release.await();
        holder.awaitRecoveries(1);
        assertThat(recovered.get()).isTrue();
        assertThat(holder.owners(kept)).containsExactly(holder.name());
        assertThat(other.owners(id)).containsExactly(other.name());
    }

    @Test
    void aLastReleaseWhoseAnswerIsCutOffIsWipedByWhoeverIsThere() throws Exception {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        CacheId id = holder.create();

        holder.way.holdAnswers(true);
        Future<?> release = inBackground(() -> holder.registry.release(id));
        await(() -> "wiping".equals(hash(id).get("phase")));
        holder.way.cut();
        holder.way.holdAnswers(false);
        assertThat(failure(release)).isInstanceOf(CacheBackendException.class);
        endLease(holder.name());
        other.registry.sweep();

        assertOnlyLeft(other);
        assertThat(other.wiped).containsExactly(id);
        holder.way.mend();
    }

    @Test
    void aLockWhoseAnswerIsCutOffIsAnOrdinaryLock() throws Exception {
        TestOwner holder = owner();
        TestOwner other = livingOwner();
        // the script of a lock is known from then on
        other.registry.unlock(other.createLocked());
        CacheId id = holder.create();

        holder.way.holdAnswers(true);
        Future<?> lock = inBackground(() -> holder.registry.lock(id, null));
        await(() -> hash(id).containsKey("lock"));
        holder.way.breakConnections();
        holder.way.holdAnswers(false);

        assertThat(failure(lock)).isInstanceOf(CacheBackendException.class);
        untilTold(() -> holder.registry.release(id));
        other.registry.sweep();
        assertThat(other.sees(id)).isTrue();
        assertThat(other.registry.find(id).orElseThrow().locked()).isTrue();
        assertThat(other.registry.unlock(id)).isTrue();
        assertOnlyLeft(other);
    }

    @Test
    void whatArrivesAfterItsOwnerHasGivenUpGoesWithTheIncarnationThatSentIt() throws Exception {
        TestOwner holder = owner();
        TestOwner comer = livingOwner();
        CacheId id = holder.create();
        String before = comer.name();

        comer.way.holdRequests(true);
        Future<?> attach = inBackground(() -> comer.registry.attach(id));
        assertThat(failure(attach)).isInstanceOf(CacheBackendException.class);
        comer.way.holdRequests(false);
        comer.awaitRecoveries(1);
        await(() -> isReferencedBy(id, before));

        assertThat(comer.registry.holds(id)).isFalse();
        holder.registry.release(id);
        endFormerLeases(comer);
        comer.registry.sweep();
        assertOnlyLeft(comer);
    }

    /** Another thread is answered meanwhile, so that nothing speaks against the connection. */
    @Test
    void aLateAttachOverAConnectionThatWorksHoldsNothing() throws Exception {
        TestOwner holder = owner();
        TestOwner comer = livingOwner();
        CacheId id = holder.create();

        Future<?> attach = lateBehindAnAnswer(comer, () -> {
            comer.registry.attach(id);
            return id;
        });

        assertThat(failure(attach)).isInstanceOf(CacheBackendException.class);
        comer.way.holdRequests(false);
        holder.registry.release(id);
        comer.registry.sweep();
        comer.awaitRecoveries(1);
        endFormerLeases(comer);
        comer.registry.sweep();
        assertOnlyLeft(comer);
    }

    /** It may arrive before this owner tells again what it claims, or after: then it does nothing. */
    @Test
    void aLateReleaseOverAConnectionThatWorksTakesNothingElseAway() throws Exception {
        TestOwner holder = livingOwner();
        TestOwner other = livingOwner();
        CacheId kept = holder.create();
        CacheId id = holder.create();

        Future<?> release = lateBehindAnAnswer(holder, () -> {
            holder.registry.release(id);
            return id;
        });

        assertThat(failure(release)).isInstanceOf(CacheBackendException.class);
        holder.way.holdRequests(false);
        holder.awaitRecoveries(1);
        assertThat(holder.lost).isEmpty();
        assertThat(other.owners(kept)).containsExactly(holder.name());
        releaseAgain(holder, id);
        endFormerLeases(holder);
        other.registry.sweep();
        assertOnlyLeft(other, kept);
    }

    private static void releaseAgain(TestOwner holder, CacheId id) {
        try {
            holder.registry.release(id);
        } catch (CacheLostException arrivedBefore) {
            assertThat(holder.registry.holds(id)).isFalse();
        }
    }

    /** Sends a step after a look; the look is answered then, and the step arrives too late. */
    private Future<?> lateBehindAnAnswer(TestOwner owner, Callable<?> step) throws Exception {
        // their scripts are known from then on
        CacheId known = owner.create();
        owner.registry.attach(known);
        owner.registry.find(known);
        owner.registry.release(known);
        owner.way.holdAnswers(true);
        long before = calls("evalsha");
        Future<?> answered = inBackground(() -> owner.registry.find(known));
        await(() -> calls("evalsha") > before);
        owner.way.holdRequests(true);
        Future<?> late = inBackground(step);
        // it has been sent when it waits for the answer
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> late.get(300, TimeUnit.MILLISECONDS));
        owner.way.holdAnswers(false);
        answered.get(20, TimeUnit.SECONDS);
        return late;
    }

    private long calls(String command) {
        return RedisStatistics.of(admin()).calls(command);
    }

    @Test
    void aRecoveryBetweenTheLastLookAndTheClaimForgetsNothing() throws Exception {
        TestOwner comer = livingOwner();
        TestOwner other = owner();
        CacheId id = other.create();
        AtomicBoolean done = new AtomicBoolean();
        Thread attaching = Thread.currentThread();

        comer.onLookAtTheClock(() -> {
            // the attach was answered, and asks whether it has to begin anew
            if (Thread.currentThread().equals(attaching)
                    && comer.commands.contains("attach")
                    && !done.getAndSet(true)) {
                comer.way.breakConnections();
                Future<?> recovery = inBackground(comer.registry::requireAlive);
                try {
                    recovery.get(500, TimeUnit.MILLISECONDS);
                } catch (TimeoutException waiting) {
                    // for this thread: that is as good
                } catch (Exception failure) {
                    throw new AssertionError(failure);
                }
            }
        });
        comer.registry.attach(id);
        comer.awaitRecoveries(1);
        endFormerLeases(comer);
        other.registry.release(id);
        other.registry.sweep();

        assertThat(done).isTrue();
        assertThat(comer.registry.holds(id)).isTrue();
        assertThat(other.owners(id)).containsExactly(comer.name());
    }

    @Test
    void everythingReturnsInTimeWhileRedisHangs() throws Exception {
        TestOwner owner = livingOwner();
        CacheId held = owner.create();
        CacheId other = owner.create();
        List<Callable<?>> steps = List.of(
                owner::create,
                () -> {
                    owner.registry.attach(other);
                    return other;
                },
                () -> {
                    owner.registry.release(held);
                    return held;
                },
                () -> {
                    owner.registry.lock(held, null);
                    return held;
                },
                () -> {
                    owner.registry.evict(other);
                    return other;
                },
                () -> owner.registry.find(held),
                () -> owner.registry.ids(null, 10),
                () -> owner.registry.sweep());

        owner.way.stall(true);
        Instant start = Instant.now();
        List<? extends Future<?>> all = steps.stream().map(this::inBackground).toList();
        for (Future<?> each : all) {
            assertThat(failure(each)).isInstanceOf(CacheBackendException.class);
        }
        Duration together = Duration.between(start, Instant.now());
        Instant again = Instant.now();
        assertThatExceptionOfType(CacheBackendException.class).isThrownBy(owner::create);
        Duration alone = Duration.between(again, Instant.now());

        assertThat(together).isLessThan(settings.timeout().multipliedBy(4));
        assertThat(alone).isLessThan(settings.timeout().multipliedBy(3));
        owner.way.breakConnections();
        owner.way.stall(false);
        untilTold(() -> owner.registry.unlock(held));
        owner.registry.release(held);
        owner.registry.release(other);
        assertThat(look(owner, held)).isEqualTo(Look.GONE);
    }
}
