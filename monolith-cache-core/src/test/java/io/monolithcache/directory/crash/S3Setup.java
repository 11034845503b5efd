// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheManagerBuilder;
import io.monolithcache.directory.s3.S3Place;
import io.monolithcache.directory.s3.S3RegistrySettings;
import io.monolithcache.directory.s3.S3Server;
import io.monolithcache.directory.s3.S3Storage;
import io.monolithcache.directory.s3.S3TransferSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Directories and references are in a bucket, behind a port of the loopback. The journal hears of every renewal of a
 * lease, by what goes over the wire.
 */
record S3Setup(int port, String bucket) implements Setup {

    static final String WORD = "s3/";
    static final String PREFIX = "caches-of/crash/";

    /** The store tells ages to the second, so that death is seen a second or two after it. */
    static final Duration LEASE = Duration.ofMillis(1_500);

    /** A quarter of it is more than a lease and the time between two renewals. */
    static final Duration HORIZON = LEASE.multipliedBy(6);

    /** Faults of those lengths are as much of a lease here as over Redis. */
    static final double FAULT_FACTOR = 1.8;

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration SWEEPS = Duration.ofMillis(500);
    private static final S3RegistrySettings SETTINGS = new S3RegistrySettings(LEASE, HORIZON, Duration.ofMillis(300));

    static S3Setup of(String word) {
        int bucket = word.indexOf('/', WORD.length()) + 1;
        return new S3Setup(Integer.parseInt(word.substring(WORD.length(), bucket - 1)), word.substring(bucket));
    }

    @Override
    public String word() {
        return WORD + port + "/" + bucket;
    }

    @Override
    public int managers(RandomGenerator random) {
        return random.nextInt(1, 3);
    }

    @Override
    public int threads(RandomGenerator random) {
        return random.nextInt(1, 4);
    }

    @Override
    public Duration sweepInterval(RandomGenerator random) {
        return Duration.ofMillis(random.nextInt(200, 800));
    }

    @Override
    public boolean mayFail() {
        return true;
    }

    @Override
    public Duration lease() {
        return LEASE;
    }

    /** The longest stall of a connection, and what a busy machine adds. */
    @Override
    public Duration late() {
        return Duration.ofSeconds(6);
    }

    /** They change the state, and whoever does it need not be in it. */
    @Override
    public boolean locksByReference() {
        return false;
    }

    @Override
    public Sight sight(Path root) {
        return new BucketSight(client(), bucket);
    }

    private S3Client client() {
        return S3Server.to(port)
                .overrideConfiguration(override ->
                        override.apiCallTimeout(TIMEOUT.multipliedBy(2)).apiCallAttemptTimeout(TIMEOUT))
                .build();
    }

    /**
     * As with Redis, now and then so long that only the heartbeat tells that somebody is there; and else long enough
     * for others to start, which takes two seconds of a processor.
     */
    @Override
    public Duration rest(RandomGenerator random) {
        return Duration.ofMillis(random.nextInt(50) == 0 ? random.nextInt(1_000) : random.nextInt(25));
    }

    @Override
    public CacheManagerBuilder with(CacheManagerBuilder builder, String name, Journal journal) {
        S3Client client = S3Server.to(port)
                .overrideConfiguration(override -> override.addExecutionInterceptor(new S3Renewals(name, journal)))
                .build();
        return with(builder, client, SWEEPS);
    }

    /** Without a journal, and sweeping only when it is told to. */
    CacheManagerBuilder quietly(CacheManagerBuilder builder, S3Client client) {
        return with(builder, client, Duration.ZERO);
    }

    private CacheManagerBuilder with(CacheManagerBuilder builder, S3Client client, Duration sweeps) {
        S3TransferSettings transfers = S3TransferSettings.defaults().withTimeout(TIMEOUT);
        return builder.storage(new S3Storage(() -> client, new S3Place(bucket, PREFIX), SETTINGS, transfers, sweeps))
                .defaultStorage("s3");
    }
}
