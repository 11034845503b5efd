// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Several owners over one bucket, each with a thread that works and one that sweeps and renews, while requests are lost
 * or late and time passes. After each step it looks, as nobody in the simulation can, whether a rule is broken; at the
 * end, when all are dead, whether a sweep leaves anything.
 */
final class Simulation {

    private static final S3RegistrySettings SETTINGS =
            new S3RegistrySettings(OneBucket.LEASE, OneBucket.HORIZON, Duration.ZERO);

    private final Random random;
    private final TestTime time = new TestTime();
    private final MemoryBucket bucket = new MemoryBucket(time, 5);
    private final Scheduler scheduler;
    private final List<Party> parties = new ArrayList<>();

    /** What somebody was told of a lock, until somebody begins to take it away. */
    private final Set<CacheId> locked = ConcurrentHashMap.newKeySet();

    /** From what somebody has begun to take the lock: whether it is locked is not certain any more. */
    private final Set<CacheId> unlocked = ConcurrentHashMap.newKeySet();

    /** What somebody has begun to evict by force: who references it may lose it at any time. */
    private final Set<CacheId> forced = ConcurrentHashMap.newKeySet();

    private final Map<CacheId, Integer> wiped = new ConcurrentHashMap<>();
    private final List<CacheId> known = new ArrayList<>();
    private int granted;

    Simulation(long seed, int faults) {
        random = new Random(seed);
        scheduler = new Scheduler(random, faults, this::look);
    }

    /** One owner, and what it was told. */
    private final class Party implements ReferenceRegistry.Listener {

        private final String name;
        private final S3ReferenceRegistry registry;
        private final Set<CacheId> held = ConcurrentHashMap.newKeySet();
        private final Random random;

        Party(String name, long seed) {
            this.name = name;
            this.random = new Random(seed);
            S3Objects objects = bucket.objects(scheduler.way());
            registry = Simulation.this.registry(objects);
            boolean unused = registry.start(this);
            registry.requireAlive();
        }

        @Override
        public void wiped(CacheId id, DirectoryStorage.Trash trash) {
            scheduler.note("is told that " + id + " is wiped");
            wiped.merge(id, 1, Integer::sum);
        }

        @Override
        public void lost(CacheId id) {
            scheduler.note("is told that " + id + " is lost");
            held.remove(id);
        }

        private int dice(int bound) {
            return random.nextInt(bound);
        }

        private @Nullable CacheId pick(Collection<CacheId> ids) {
            List<CacheId> sorted = ids.stream().sorted().toList();
            return sorted.isEmpty() ? null : sorted.get(Math.max(0, sorted.size() - 1 - dice(4)));
        }

        void work(int steps) {
            for (int step = 0; step < steps; step++) {
                attempt(this::step);
            }
        }

        void keepHouse(Random house, int steps) {
            for (int step = 0; step < steps; step++) {
                attempt(() -> {
                    if (house.nextInt(3) == 0) {
                        scheduler.note("sweeps");
                        registry.sweep();
                    } else {
                        scheduler.note("renews");
                        registry.beat();
                    }
                });
            }
        }

        private void attempt(Runnable step) {
            try {
                step.run();
            } catch (CacheNotFoundException | CacheInUseException | CacheBackendException told) {
                scheduler.note(told.getClass().getSimpleName());
            }
        }

        private void step() {
            CacheId mine = pick(held);
            CacheId any = pick(known());
            switch (dice(12)) {
                case 0, 1 -> create();
                case 2, 3, 4 -> attach(any);
                case 5, 6, 7 -> release(mine);
                case 8 -> lock(mine == null ? any : mine);
                case 9 -> unlock(any);
                case 10 -> evict(any);
                default -> evictForcibly(any);
            }
        }

        private void create() {
            CacheId id = CacheId.random(Instant.ofEpochMilli(dice(1_000_000)));
            scheduler.note("creates " + id);
            if (registry.create(id, Map.of())) {
                held.add(id);
                synchronized (known) {
                    known.add(id);
                }
                granted++;
                scheduler.note("has " + id);
            }
        }

        private void attach(@Nullable CacheId id) {
            if (id != null && !held.contains(id)) {
                scheduler.note("attaches to " + id);
                registry.attach(id);
                held.add(id);
                granted++;
                scheduler.note("has " + id);
            }
        }

        private void release(@Nullable CacheId id) {
            if (id == null) {
                return;
            }
            scheduler.note("releases " + id);
            held.remove(id);
            for (int attempt = 0; attempt < 3; attempt++) {
                try {
                    registry.release(id);
                    return;
                } catch (CacheLostException lost) {
                    return;
                } catch (CacheException untold) {
                    scheduler.note("is not done");
                }
            }
        }

        private void lock(@Nullable CacheId id) {
            if (id != null) {
                scheduler.note("locks " + id);
                registry.lock(id, null);
                if (!unlocked.contains(id)) {
                    locked.add(id);
                    scheduler.note("locked " + id);
                }
            }
        }

        private void unlock(@Nullable CacheId id) {
            if (id != null) {
                scheduler.note("unlocks " + id);
                letGo(id);
                registry.unlock(id);
            }
        }

        /** From here on a lock that somebody is about to be told of is uncertain too. */
        private void letGo(CacheId id) {
            unlocked.add(id);
            locked.remove(id);
        }

        private void evict(@Nullable CacheId id) {
            if (id != null) {
                scheduler.note("evicts " + id);
                letGo(id);
                registry.evict(id);
            }
        }

        private void evictForcibly(@Nullable CacheId id) {
            if (id != null && dice(3) == 0) {
                scheduler.note("evicts by force " + id);
                letGo(id);
                forced.add(id);
                registry.evictForcibly(id);
            }
        }
    }

    private List<CacheId> known() {
        synchronized (known) {
            return List.copyOf(known);
        }
    }

    void run(int owners, int steps) throws InterruptedException {
        for (int number = 0; number < owners; number++) {
            parties.add(new Party("P" + number, random.nextLong()));
        }
        for (Party party : parties) {
            scheduler.start(party.name, () -> party.work(steps));
            Random house = new Random(random.nextLong());
            scheduler.start(party.name + "'", () -> party.keepHouse(house, steps));
        }
        scheduler.run();
        bury();
    }

    private S3ReferenceRegistry registry(S3Objects objects) {
        StateChain states = new StateChain(objects, time.ownClock(), SETTINGS.guard());
        return new DataInBucket(objects, states).registry(SETTINGS, time, time.ownClock());
    }

    int granted() {
        return granted;
    }

    int wipes() {
        return wiped.size();
    }

    /** Between two steps. */
    private void look() {
        pass();
        for (Party party : parties) {
            Duration age = party.registry.leaseAge();
            if (age == null || age.compareTo(OneBucket.LEASE) >= 0) {
                continue;
            }
            for (CacheId id : party.held) {
                if (forced.contains(id)) {
                    continue;
                }
                requireLive(id, party.name + " holds");
                assertThat(state(id).names(String.valueOf(party.registry.owner())))
                        .as("%s holds %s, which its state says%n%s", party.name, id, scheduler.trail())
                        .isTrue();
            }
        }
        locked.forEach(id -> requireLive(id, "is locked"));
        wiped.forEach((id, times) -> assertThat(times)
                .as("%s is wiped by one party%n%s", id, scheduler.trail())
                .isOne());
    }

    private void requireLive(CacheId id, String why) {
        assertThat(bucket.keys(S3Keys.CACHES + id + "/"))
                .as("data of %s: %s%n%s", id, why, scheduler.trail())
                .isNotEmpty();
        assertThat(state(id).isLive())
                .as("%s lives: %s%n%s", id, why, scheduler.trail())
                .isTrue();
    }

    private CacheState state(CacheId id) {
        List<String> versions = bucket.keys(S3Keys.versions(id));
        if (versions.isEmpty()) {
            return CacheState.created("", "", Map.of()).wiped();
        }
        String highest = versions.get(versions.size() - 1);
        return CacheStateJson.read(highest, bucket.content(highest));
    }

    private void pass() {
        int dice = random.nextInt(1_000);
        Duration some = dice < 700
                ? Duration.ZERO
                : dice < 900
                        ? Duration.ofSeconds(1 + random.nextInt(10))
                        : dice < 990
                                ? Duration.ofSeconds(20 + random.nextInt(60))
                                : dice < 997 ? OneBucket.TOO_SLOW : OneBucket.LONG;
        if (!some.isZero()) {
            time.pass(some);
            scheduler.note(some + " pass");
        }
    }

    /** All are dead; what is late arrives; somebody sweeps now and then. */
    private void bury() {
        scheduler.deliver();
        S3Objects objects = bucket.objects();
        S3ReferenceRegistry janitor = registry(objects);
        boolean unused = janitor.start((id, trash) -> {
            wiped.merge(id, 1, Integer::sum);
        });
        for (int round = 0; round < 5; round++) {
            time.pass(OneBucket.LONG);
            janitor.sweep();
        }
        Map<String, CacheId> left = new HashMap<>();
        for (CacheId id : known()) {
            left.put(id.value(), id);
        }
        Set<String> ids = new HashSet<>();
        for (String key : bucket.keys()) {
            String name = key.split("/", 3)[1];
            CacheId id = left.get(name);
            assertThat(id).as("left behind: %s%n%s", key, scheduler.trail()).isNotNull();
            ids.add(name);
        }
        for (String name : ids) {
            CacheId id = left.get(name);
            CacheState state = state(id);
            assertThat(state.isLive()
                            && state.isLocked(time.instant())
                            && state.owners().isEmpty())
                    .as("left behind without a lock: %s %s%n%s", id, state, scheduler.trail())
                    .isTrue();
        }
        assertThat(locked).as("locked and gone%n%s", scheduler.trail()).allMatch(id -> ids.contains(id.value()));
        wiped.forEach((id, times) -> assertThat(times).as("%s", id).isOne());
    }
}
