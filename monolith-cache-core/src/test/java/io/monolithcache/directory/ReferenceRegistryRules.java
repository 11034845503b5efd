// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.DirectoryStorage.Look;
import io.monolithcache.directory.ReferenceRegistry.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The six rules of {@link ReferenceRegistry}, as tests. Each works in a backing store of its own, which every owner of
 * that test shares.
 */
public abstract class ReferenceRegistryRules {

    private final List<Party> parties = new ArrayList<>();
    private final List<ReferenceRegistry> mortals = new ArrayList<>();

    /** Those of this test; the same ones until its end. */
    protected abstract RegistryOwners owners();

    protected final DirectoryBackend open() {
        return owners().open();
    }

    protected final ReferenceRegistry openMortal() {
        return owners().openMortal();
    }

    protected final void kill(ReferenceRegistry mortal) {
        owners().kill(mortal);
    }

    protected final void beginWipe(CacheId id) {
        owners().beginWipe(id);
    }

    protected final void disconnect() {
        owners().disconnect();
    }

    protected final void reconnect() {
        owners().reconnect();
    }

    protected final Instant now() {
        return owners().now();
    }

    protected final void letPass(Duration time) {
        owners().letPass(time);
    }

    protected final Duration aWhile() {
        return owners().aWhile();
    }

    /** How often a race is tried. */
    protected int rounds() {
        return 50;
    }

    /** An owner with its view of the storage, and what it wiped. */
    protected static final class Party {

        public final DirectoryStorage storage;
        public final ReferenceRegistry registry;
        public final boolean foundWork;
        public final List<CacheId> wiped = new CopyOnWriteArrayList<>();

        private Party(DirectoryBackend backend) {
            this.storage = backend.storage();
            this.registry = backend.registry();
            this.foundWork = registry.start((id, trash) -> {
                wiped.add(id);
                trash.delete();
            });
        }

        public CacheId create() {
            return createWith(Map.of());
        }

        public CacheId createWith(Map<String, Object> metadata) {
            while (true) {
                CacheId id = CacheId.random(Instant.now());
                if (registry.create(id, metadata)) {
                    return id;
                }
            }
        }

        /** A cache that nobody references and that a lock keeps. */
        public CacheId createLocked() {
            CacheId id = create();
            registry.lock(id, null);
            registry.release(id);
            return id;
        }

        public boolean sees(CacheId id) {
            return registry.find(id).isPresent() && storage.look(id) != Look.GONE;
        }

        public Standing standing(CacheId id) {
            return registry.find(id).orElseThrow();
        }

        public List<String> owners(CacheId id) {
            return standing(id).owners().stream().map(CacheOwner::name).toList();
        }

        public String name() {
            return Objects.requireNonNull(registry.owner());
        }

        void close() {
            registry.close();
            storage.close();
        }
    }

    protected final Party party() {
        Party party = new Party(open());
        parties.add(party);
        return party;
    }

    /** One that has worked already: it has a name, and knows the backing store. */
    protected final Party livingParty() {
        Party party = party();
        party.registry.release(party.create());
        party.wiped.clear();
        return party;
    }

    protected final ReferenceRegistry mortal() {
        ReferenceRegistry mortal = openMortal();
        mortals.add(mortal);
        return mortal;
    }

    /** A cache that only an owner references who is dead by now. */
    protected final CacheId createByTheDead() {
        ReferenceRegistry dying = mortal();
        CacheId id = CacheId.random(Instant.now());
        assertThat(dying.create(id, Map.of())).isTrue();
        kill(dying);
        return id;
    }

    @AfterEach
    final void closeParties() {
        mortals.forEach(this::kill);
        parties.forEach(Party::close);
    }

    private static void atOnce(Callable<?>... steps) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(steps.length);
        CyclicBarrier start = new CyclicBarrier(steps.length);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Callable<?> step : steps) {
                running.add(threads.submit(() -> {
                    start.await();
                    return step.call();
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Whether a step found its cache. */
    private static Callable<?> noted(List<Boolean> outcome, Runnable step) {
        return () -> {
            try {
                step.run();
                return outcome.add(true);
            } catch (CacheNotFoundException gone) {
                return outcome.add(false);
            }
        };
    }

    @Test
    void rule1ACacheWithALiveReferenceIsNeverWiped() {
        Party holder = party();
        Party other = party();
        CacheId id = holder.create();
        other.registry.attach(id);

        other.registry.release(id);
        other.registry.lock(id, null);
        other.registry.unlock(id);
        other.registry.sweep();
        assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> other.registry.evict(id));

        assertThat(other.sees(id)).isTrue();
        assertThat(holder.registry.holds(id)).isTrue();
        assertThat(other.wiped).isEmpty();
    }

    @Test
    void rule1ALiveReferenceInAnotherProcessKeepsACache() {
        Party party = party();
        ReferenceRegistry elsewhere = mortal();
        CacheId id = party.create();
        elsewhere.attach(id);

        party.registry.release(id);
        party.registry.sweep();
        assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> party.registry.evict(id));

        assertThat(party.sees(id)).isTrue();
        assertThat(elsewhere.holds(id)).isTrue();
    }

    @Test
    void rule1ALockedCacheIsNotWipedAutomatically() {
        Party party = party();
        CacheId id = party.createLocked();

        party.registry.sweep();

        assertThat(party.sees(id)).isTrue();
        assertThat(party.wiped).isEmpty();
    }

    @Test
    void rule1ALockOutlivesItsOwner() {
        Party survivor = livingParty();
        ReferenceRegistry dying = mortal();
        CacheId id = CacheId.random(Instant.now());
        dying.create(id, Map.of());
        dying.lock(id, null);
        kill(dying);

        survivor.registry.sweep();

        assertThat(survivor.sees(id)).isTrue();
        assertThat(survivor.standing(id).owners()).isEmpty();
        assertThat(survivor.standing(id).locked()).isTrue();
    }

    @Test
    void rule1ALockThatWasGrantedHoldsHoweverCloseTheLastReleaseWas() throws Exception {
        Party holder = party();
        Party locker = party();
        for (int round = 0; round < rounds(); round++) {
            CacheId id = holder.create();
            List<Boolean> locked = new CopyOnWriteArrayList<>();

            atOnce(
                    () -> {
                        holder.registry.release(id);
                        return id;
                    },
                    noted(locked, () -> locker.registry.lock(id, null)));

            assertThat(holder.sees(id)).isEqualTo(locked.get(0));
            if (locked.get(0)) {
                assertThat(holder.standing(id).locked()).isTrue();
                holder.registry.unlock(id);
            }
        }
    }

    @Test
    void rule1AnEvictThatIsRefusedChangesNothingHoweverCloseTheAttachWas() throws Exception {
        Party comer = party();
        Party operator = party();
        for (int round = 0; round < rounds(); round++) {
            CacheId id = comer.createLocked();
            List<Boolean> attached = new CopyOnWriteArrayList<>();
            List<Boolean> evicted = new CopyOnWriteArrayList<>();

            atOnce(noted(attached, () -> comer.registry.attach(id)), () -> {
                try {
                    operator.registry.evict(id);
                    return evicted.add(true);
                } catch (CacheInUseException refused) {
                    return evicted.add(false);
                }
            });

            assertThat(evicted.get(0)).isNotEqualTo(attached.get(0));
            assertThat(comer.sees(id)).isEqualTo(attached.get(0));
            if (attached.get(0)) {
                assertThat(comer.standing(id).locked()).isTrue();
                comer.registry.release(id);
                comer.registry.unlock(id);
            }
            assertThat(comer.storage.look(id)).isEqualTo(Look.GONE);
        }
    }

    @Test
    void rule1AForcedEvictIsToldToTheHolders() {
        Party holder = party();
        Party operator = party();
        CacheId id = holder.create();

        operator.registry.evictForcibly(id);

        assertThat(holder.registry.holds(id)).isFalse();
        assertThatExceptionOfType(CacheLostException.class)
                .isThrownBy(() -> holder.registry.release(id))
                .withMessageContaining(id.value());
    }

    @Test
    void rule2ACacheWithNeitherIsWipedByExactlyOneParty() throws Exception {
        List<Party> all = List.of(party(), party(), party());
        for (int round = 0; round < rounds(); round++) {
            CacheId id = all.get(0).create();
            all.get(1).registry.attach(id);
            all.get(2).registry.attach(id);

            atOnce(all.stream()
                    .<Callable<?>>map(party -> () -> {
                        party.registry.release(id);
                        return id;
                    })
                    .toArray(Callable<?>[]::new));

            assertThat(all.get(0).storage.look(id)).isEqualTo(Look.GONE);
            assertThat(all.stream().flatMap(party -> party.wiped.stream()).filter(id::equals))
                    .hasSize(1);
        }
    }

    @Test
    void rule2SweepsAndReleasesTogetherWipeOnce() throws Exception {
        Party holder = party();
        List<Party> sweepers = List.of(livingParty(), livingParty());
        for (int round = 0; round < rounds() / 4; round++) {
            CacheId id = holder.create();

            atOnce(
                    () -> {
                        holder.registry.release(id);
                        return id;
                    },
                    () -> sweepers.get(0).registry.sweep(),
                    () -> sweepers.get(1).registry.sweep());

            assertThat(holder.storage.look(id)).isEqualTo(Look.GONE);
            assertThat(java.util.stream.Stream.of(holder, sweepers.get(0), sweepers.get(1))
                            .flatMap(party -> party.wiped.stream())
                            .filter(id::equals))
                    .hasSize(1);
        }
    }

    @Test
    void rule2WhatADeadPartyBeganTheNextSweepFinishes() {
        Party survivor = livingParty();
        CacheId id = createByTheDead();
        beginWipe(id);

        SweepReport report = survivor.registry.sweep();

        assertThat(report.skipped()).isNull();
        assertThat(survivor.storage.look(id)).isEqualTo(Look.GONE);
        assertThat(survivor.wiped).containsExactly(id);
    }

    @Test
    void rule3AttachingFailsOnceTheWipeHasBegun() {
        Party party = party();
        CacheId id = createByTheDead();
        beginWipe(id);

        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> party.registry.attach(id))
                .withMessageContaining(id.value());
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> party.registry.lock(id, null));
        assertThat(party.registry.find(id)).isEmpty();

        party.registry.sweep();
        assertThat(party.storage.look(id)).isEqualTo(Look.GONE);
    }

    @Test
    void rule3NothingIsRevivedAfterAWipe() {
        Party party = party();
        CacheId id = party.create();
        party.registry.release(id);

        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> party.registry.attach(id));

        assertThat(party.storage.look(id)).isEqualTo(Look.GONE);
        assertThat(party.registry.holds(id)).isFalse();
    }

    @Test
    void rule3AnAttachThatWasGrantedHoldsHoweverCloseTheLastReleaseWas() throws Exception {
        Party holder = party();
        Party comer = party();
        for (int round = 0; round < rounds(); round++) {
            CacheId id = holder.create();
            List<Boolean> attached = new CopyOnWriteArrayList<>();

            atOnce(
                    () -> {
                        holder.registry.release(id);
                        return id;
                    },
                    noted(attached, () -> comer.registry.attach(id)));

            assertThat(comer.sees(id)).isEqualTo(attached.get(0));
            assertThat(comer.registry.holds(id)).isEqualTo(attached.get(0));
            if (attached.get(0)) {
                comer.registry.release(id);
            }
            assertThat(comer.storage.look(id)).isEqualTo(Look.GONE);
        }
    }

    @Test
    void rule4ASweepReclaimsWhatTheDeadHeld() {
        Party survivor = party();
        ReferenceRegistry dying = mortal();
        CacheId theirs = CacheId.random(Instant.now());
        CacheId shared = survivor.create();
        dying.create(theirs, Map.of());
        dying.attach(shared);
        String deadName = Objects.requireNonNull(dying.owner());
        assertThat(survivor.owners(shared)).containsExactlyInAnyOrder(survivor.name(), deadName);
        kill(dying);

        SweepReport report = survivor.registry.sweep();

        assertThat(report.directories()).isOne();
        assertThat(survivor.storage.look(theirs)).isEqualTo(Look.GONE);
        assertThat(survivor.wiped).containsExactly(theirs);
        assertThat(survivor.owners(shared)).containsExactly(survivor.name());
    }

    @Test
    void rule4TheDeadBlockNobody() {
        Party survivor = party();
        CacheId theirs = createByTheDead();

        survivor.registry.attach(theirs);
        survivor.registry.lock(theirs, null);
        survivor.registry.unlock(theirs);
        survivor.registry.release(theirs);
        survivor.registry.evict(theirs);

        assertThat(survivor.storage.look(theirs)).isEqualTo(Look.GONE);
        survivor.registry.release(survivor.create());
    }

    @Test
    void rule4SeveralSweepersReclaimOnce() throws Exception {
        List<Party> sweepers = List.of(livingParty(), livingParty(), livingParty());
        CacheId theirs = createByTheDead();

        atOnce(sweepers.stream()
                .<Callable<?>>map(party -> () -> party.registry.sweep())
                .toArray(Callable<?>[]::new));
        sweepers.get(0).registry.sweep();

        assertThat(sweepers.get(0).storage.look(theirs)).isEqualTo(Look.GONE);
        assertThat(sweepers.stream().flatMap(party -> party.wiped.stream())).containsExactly(theirs);
    }

    @Test
    void rule5AnOwnerHasOneReferenceHoweverOftenItAttaches() {
        Party party = party();
        Party other = party();
        CacheId id = party.create();
        party.registry.attach(id);
        other.registry.attach(id);
        other.registry.attach(id);
        assertThat(party.owners(id)).containsExactlyInAnyOrder(party.name(), other.name());

        other.registry.release(id);
        assertThat(party.owners(id)).containsExactly(party.name());
        assertThat(other.registry.holds(id)).isFalse();

        party.registry.release(id);
        assertThat(party.storage.look(id)).isEqualTo(Look.GONE);
    }

    @Test
    void rule6WhatCannotBeReachedIsNeverWiped() {
        Party holder = party();
        Party other = livingParty();
        CacheId held = holder.create();
        CacheId locked = holder.createLocked();

        disconnect();
        try (LogWatch quiet = new LogWatch()) {
            assertThat(holder.registry.holds(held)).isTrue();
            for (Callable<?> step : Arrays.<Callable<?>>asList(
                    () -> other.registry.sweep(),
                    () -> other.registry.unlock(locked),
                    () -> {
                        other.registry.evict(locked);
                        return locked;
                    },
                    () -> {
                        other.registry.attach(held);
                        return held;
                    })) {
                assertThatFailsOrSweepsNothing(step);
            }
        } finally {
            reconnect();
        }

        assertThat(other.sees(held)).isTrue();
        assertThat(other.sees(locked)).isTrue();
        assertThat(other.standing(locked).locked()).isTrue();
        assertThat(other.owners(held)).containsExactly(holder.name());
        assertThat(holder.wiped).isEmpty();
        assertThat(other.wiped).isEmpty();
    }

    private static void assertThatFailsOrSweepsNothing(Callable<?> step) {
        try {
            Object result = step.call();
            assertThat(result)
                    .isInstanceOfSatisfying(
                            SweepReport.class,
                            report -> assertThat(report.directories()).isZero());
        } catch (Exception failure) {
            assertThat(failure).isInstanceOf(CacheBackendException.class);
        }
    }

    @Test
    void rule6AReleaseThatCouldNotBeToldCanBeToldLater() {
        Party holder = party();
        CacheId id = holder.create();

        disconnect();
        try {
            assertThatExceptionOfType(CacheBackendException.class)
                    .isThrownBy(() -> holder.registry.release(id))
                    .withMessageContaining(id.value());
        } finally {
            reconnect();
        }
        assertThat(holder.registry.holds(id)).isTrue();

        holder.registry.release(id);
        assertThat(holder.storage.look(id)).isEqualTo(Look.GONE);
    }
}
