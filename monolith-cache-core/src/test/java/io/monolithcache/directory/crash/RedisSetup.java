// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheManagerBuilder;
import io.monolithcache.directory.redis.RedisRegistry;
import io.monolithcache.directory.redis.RedisRegistryListener;
import io.monolithcache.directory.redis.RedisRegistrySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** References are in a Redis on a port of the loopback. The journal hears of every renewal of a lease. */
record RedisSetup(int port, String namespace) implements Setup {

    static final Duration LEASE = Duration.ofSeconds(1);
    static final Duration TIMEOUT = LEASE.dividedBy(3);

    static RedisSetup of(String word) {
        int port = word.indexOf('/') + 1;
        int namespace = word.indexOf('/', port) + 1;
        return new RedisSetup(Integer.parseInt(word.substring(port, namespace - 1)), word.substring(namespace));
    }

    @Override
    public String word() {
        return "redis/" + port + "/" + namespace;
    }

    @Override
    public int managers(RandomGenerator random) {
        return 1;
    }

    @Override
    public int threads(RandomGenerator random) {
        return random.nextInt(1, 4);
    }

    @Override
    public Duration sweepInterval(RandomGenerator random) {
        return Duration.ofMillis(random.nextInt(20, 200));
    }

    @Override
    public boolean mayFail() {
        return true;
    }

    @Override
    public Duration lease() {
        return LEASE;
    }

    @Override
    public Duration late() {
        return Duration.ofSeconds(3);
    }

    @Override
    public boolean locksByReference() {
        return true;
    }

    @Override
    public Sight sight(Path root) {
        return new DiskSight(root);
    }

    /** Now and then so long that only the heartbeat tells that somebody is there. */
    @Override
    public Duration rest(RandomGenerator random) {
        return Duration.ofMillis(random.nextInt(50) == 0 ? random.nextInt(700) : random.nextInt(6));
    }

    RedisRegistrySettings settings() {
        return new RedisRegistrySettings(namespace, LEASE, TIMEOUT);
    }

    @Override
    public CacheManagerBuilder with(CacheManagerBuilder builder, String name, Journal journal) {
        return builder.registry(new RedisRegistry(
                settings(), () -> new LettuceConnectionFactory("127.0.0.1", port), new Renewals(name, journal)));
    }

    /** Notes when each renewal that succeeded had begun. */
    private static final class Renewals implements RedisRegistryListener {

        private final String name;
        private final Journal journal;
        private volatile long beat;
        private volatile long lease;

        Renewals(String name, Journal journal) {
            this.name = name;
            this.journal = journal;
        }

        @Override
        public synchronized void ran(String command, Duration time, boolean answered) {
            long begin = System.nanoTime() - time.toNanos();
            if (command.equals("beat")) {
                beat = begin;
            } else if (command.equals("lease")) {
                lease = begin;
            }
        }

        /** What got a new lease began before it connected, and that was tried no longer than a command may take. */
        @Override
        public void renewed() {
            note(Math.max(beat, lease - TIMEOUT.toNanos()), "beat");
        }

        @Override
        public void recovered(int registered, int lost) {
            note(lease - TIMEOUT.toNanos(), "recovery");
        }

        private void note(long begin, String how) {
            journal.note(Event.Phase.RENEWED, name, "-", begin + " " + how);
        }
    }
}
