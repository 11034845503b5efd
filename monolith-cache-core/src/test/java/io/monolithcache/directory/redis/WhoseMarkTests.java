// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.SweepReport;
import io.monolithcache.directory.redis.Stops.Stop;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A wiper gives up after its mark: his own goes, and no other. */
class WhoseMarkTests extends StepByStep {

    /** Whoever has looked at everything since Redis has forgotten it. */
    private TestOwner sweepOnce() {
        TestOwner sweeper = livingOwner();
        ageEpoch();
        assertThat(sweeper.registry.sweep().directories()).isZero();
        return sweeper;
    }

    private void assertLockedAndFoundByWhoAttaches(TestOwner sweeper, CacheId id) {
        assertThat(look(sweeper, id)).isEqualTo(Look.LOCKED);
        assertThat(sweeper.registry.find(id).orElseThrow().locked()).isTrue();
        try (CacheManager manager = CacheManager.builder()
                        .root(place)
                        .sweepInterval(Duration.ZERO)
                        .registry(new RedisRegistry(settings, () -> connect(sweeper.way)))
                        .build();
                CacheDirectory attached = manager.attach(id)) {
            assertThat(attached.path()).isDirectory();
        }
    }

    @Test
    void aLockedCacheWhoseEvictRedisForgetsCanBeAttachedTo() throws Exception {
        TestOwner evicting = livingOwner();
        CacheId id = livingOwner().createLocked();
        Stop marked = evicting.stops.after("mark");
        Future<?> evict = inBackground(() -> evicting.registry.evict(id));
        marked.awaitReached();

        admin().flushall();
        marked.letGo();

        assertThat(failure(evict)).isInstanceOf(CacheBackendException.class).hasMessageContaining("Try again in");
        assertLockedAndFoundByWhoAttaches(sweepOnce(), id);
    }

    @Test
    void aLockedCacheWhoseEvictBreaksOffCanBeEvictedAgain() throws Exception {
        TestOwner evicting = livingOwner();
        TestOwner other = livingOwner();
        CacheId id = other.createLocked();
        Stop marked = evicting.stops.after("mark");
        Future<?> evict = inBackground(() -> evicting.registry.evict(id));
        marked.awaitReached();

        evicting.way.breakConnections();
        marked.letGo();

        assertThat(failure(evict)).isInstanceOf(CacheBackendException.class);
        assertThat(look(other, id)).isEqualTo(Look.LOCKED);
        other.registry.evict(id);
        assertOnlyLeft(other);
    }

    /** A failover has lost the release; the holder is gone again before the wiper, who is slow, puts its mark. */
    @Test
    void aCacheThatItsHolderLockedAndLeftBeforeTheMarkCanBeAttachedTo() throws Exception {
        TestOwner holder = livingOwner();
        TestOwner releasing = owner();
        CacheId id = releasing.create();
        RedisCopy held = copy();
        Stop mark = releasing.stops.before("mark");
        Future<?> release = inBackground(() -> releasing.registry.release(id));
        mark.awaitReached();
        failOver(held, holder);

        holder.registry.attach(id);
        holder.registry.lock(id, null);
        String before = holder.name();
        holder.registry.release(id);
        awaitReleased(id, before);
        Stop givenUp = releasing.stops.after("unmark");
        mark.letGo();
        givenUp.awaitReached();
        givenUp.letGo();
        resultOf(release);

        endLease(releasing.name());
        assertLockedAndFoundByWhoAttaches(sweepOnce(), id);
    }

    /** Rule 1. Else a holder that comes back goes on, while the other wiper, who has asked already, renames. */
    @Test
    void theMarkOfAWiperThatGoesOnStaysWhenAnotherGivesUp() throws Exception {
        TestOwner holder = owner();
        TestOwner first = livingOwner();
        TestOwner second = livingOwner();
        CacheId id = holder.create();
        fallSilent(holder);
        Stop rename = first.stops.before("trash");
        Future<SweepReport> goesOn = sweepInBackground(first);
        rename.awaitReached();
        Stop marked = second.stops.after("mark");
        Future<SweepReport> givesUp = sweepInBackground(second);
        marked.awaitReached();

        admin().flushall();
        marked.letGo();
        assertThat(resultOf(givesUp).directories()).isZero();
        holder.registry.requireAlive();

        assertThat(holder.lost).containsExactly(id);
        rename.letGo();
        assertThat(resultOf(goesOn).directories()).isOne();
    }

    /** The disk keeps it from the rename, or from the mark itself, of which it may have put a part. */
    @Test
    void aWiperWhomTheDiskBreaksOffTakesItsMarkAway() {
        for (String step : new String[] {"trash", "mark"}) {
            DiskHooks disk = new DiskHooks();
            TestOwner evicting = owner(disk);
            evicting.registry.release(evicting.create());
            CacheId id = evicting.createLocked();
            DiskHooks.Step failing = () -> {
                throw new CacheBackendException("Could not write: Input/output error", null);
            };
            if (step.equals("mark")) {
                disk.onceAfter(step, failing);
            } else {
                disk.onceBefore(step, failing);
            }

            assertThatExceptionOfType(CacheBackendException.class).isThrownBy(() -> evicting.registry.evict(id));

            assertThat(look(evicting, id)).as("after " + step).isEqualTo(Look.LOCKED);
        }
    }

    /** The only mark that may stay where nobody holds the cache. */
    @Test
    void theMarkOfAWiperThatDiedStaysUntilSomebodyEvicts() throws Exception {
        TestOwner evicting = livingOwner();
        CacheId id = livingOwner().createLocked();
        Stop death = evicting.stops.after("mark");
        Future<?> unused = inBackground(() -> evicting.registry.evict(id));
        death.awaitReached();

        admin().flushall();
        TestOwner sweeper = sweepOnce();
        assertThat(look(sweeper, id)).isEqualTo(Look.MARKED_AND_LOCKED);
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> sweeper.registry.attach(id));

        assertThatNoException().isThrownBy(() -> sweeper.registry.evict(id));
        assertOnlyLeft(sweeper);
    }
}
