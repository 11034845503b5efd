// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheManagerBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** References are files in the root. */
record FileSetup() implements Setup {

    static final String WORD = "files";

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public int managers(RandomGenerator random) {
        return random.nextInt(1, 4);
    }

    @Override
    public int threads(RandomGenerator random) {
        return random.nextInt(1, 5);
    }

    @Override
    public Duration sweepInterval(RandomGenerator random) {
        return random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(random.nextInt(1, 40));
    }

    @Override
    public boolean mayFail() {
        return false;
    }

    @Override
    public Duration lease() {
        return Duration.ZERO;
    }

    @Override
    public Duration late() {
        return Duration.ZERO;
    }

    @Override
    public boolean locksByReference() {
        return true;
    }

    @Override
    public Sight sight(Path root) {
        return new DiskSight(root);
    }

    @Override
    public Duration rest(RandomGenerator random) {
        return Duration.ZERO;
    }

    @Override
    public CacheManagerBuilder with(CacheManagerBuilder builder, String name, Journal journal) {
        return builder;
    }
}
