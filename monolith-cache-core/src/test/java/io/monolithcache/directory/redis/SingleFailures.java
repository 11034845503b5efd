// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.DirectoryStorage.Look;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Several owners in this process, each over a way of its own, and one failure. Time does not have to pass for most of
 * it: the test ends a lease, or makes an epoch older, by its own hand.
 */
@Timeout(120)
abstract class SingleFailures {

    /** Long enough for a busy machine, short enough that heartbeats come soon. */
    static final Duration LEASE = Duration.ofSeconds(2);

    private static int namespaces;

    @TempDir
    Path place;

    final RedisRegistrySettings settings;
    final RedisKeys keys;
    private final List<TestOwner> owners = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    SingleFailures() {
        this(LEASE);
    }

    SingleFailures(Duration lease) {
        settings = settings(lease);
        keys = new RedisKeys(settings.namespace());
    }

    static RedisRegistrySettings settings(Duration lease) {
        return new RedisRegistrySettings("failure" + ++namespaces, lease, lease.dividedBy(3));
    }

    abstract LettuceConnectionFactory connect(Way way);

    abstract RedisClusterCommands<String, String> admin();

    final TestOwner owner() {
        return owner(settings);
    }

    final TestOwner owner(RedisRegistrySettings with) {
        TestOwner owner = new TestOwner(place, with, this::connect);
        owners.add(owner);
        return owner;
    }

    /** One whose disk does something beside. */
    final TestOwner owner(DiskHooks disk) {
        return owner(place, settings, disk);
    }

    final TestOwner owner(Path root, RedisRegistrySettings with, DiskHooks disk) {
        TestOwner owner = new TestOwner(root, with, this::connect, disk);
        owners.add(owner);
        return owner;
    }

    /** One that has worked already. */
    final TestOwner livingOwner() {
        TestOwner owner = owner();
        CacheId first = owner.create();
        owner.registry.release(first);
        await(() -> hash(first).isEmpty());
        owner.wiped.clear();
        return owner;
    }

    @AfterEach
    final void closeOwners() {
        owners.forEach(TestOwner::close);
        threads.shutdownNow();
    }

    final <T> Future<T> inBackground(Callable<T> step) {
        return threads.submit(step);
    }

    final Future<?> inBackground(Runnable step) {
        return threads.submit(step);
    }

    /** What a step in the background failed with. */
    static Throwable failure(Future<?> step) throws Exception {
        try {
            Object result = step.get(30, TimeUnit.SECONDS);
            throw new AssertionError("It should have failed, and returned " + result);
        } catch (ExecutionException failure) {
            return Objects.requireNonNull(failure.getCause());
        }
    }

    static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    /** As if two leases had passed since Redis has forgotten everything. */
    final void ageEpoch() {
        long since = Long.parseLong(Objects.requireNonNull(admin().hget(keys.epoch(), "since")));
        admin().hset(
                        keys.epoch(),
                        "since",
                        String.valueOf(since - 10 * settings.lease().toMillis()));
    }

    /** As if an owner had been silent for a lease: the others may take that incarnation for dead. */
    final void endLease(String incarnation) {
        admin().del(keys.owner(incarnation));
    }

    /** What Redis has noted of a cache; empty if nothing. */
    final Map<String, String> hash(CacheId id) {
        return admin().hgetall(keys.cache(id));
    }

    /** Ends the leases of all incarnations that an owner has had before. */
    final void endFormerLeases(TestOwner owner) {
        String now = owner.name();
        int dot = now.lastIndexOf('.');
        for (int number = 1; number < Integer.parseInt(now.substring(dot + 1)); number++) {
            endLease(now.substring(0, dot + 1) + number);
        }
    }

    /** Nothing is left that nobody needs: what is there has one of these ids. */
    final void assertOnlyLeft(TestOwner owner, CacheId... ids) {
        assertThat(owner.storage.list()).containsExactlyInAnyOrder(ids);
        assertThat(owner.registry.ids(null, 100)).containsExactlyInAnyOrder(ids);
    }

    static Look look(TestOwner owner, CacheId id) {
        return owner.storage.look(id, Instant.now());
    }

    /** Repeats a step until Redis can be reached again. */
    static void untilTold(Runnable step) {
        await(() -> {
            try {
                step.run();
                return true;
            } catch (CacheBackendException notYet) {
                return false;
            }
        });
    }
}
