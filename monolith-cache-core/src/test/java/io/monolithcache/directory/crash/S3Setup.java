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
record S3Setup(int port, String bucket, Duration lease) implements Setup {

    static final String WORD = "s3/";
    static final String PREFIX = "caches-of/crash/";

    /** The store tells ages to the second, so that death is seen a second or two after it. */
    static final Duration LEASE = Duration.ofSeconds(2);

    private static final int HORIZON_IN_LEASES = 6;

    /** A quarter of it is more than a lease and the time between two renewals. */
    static final Duration HORIZON = LEASE.multipliedBy(HORIZON_IN_LEASES);

    /** Faults of those lengths are as much of a lease here as over Redis. */
    static final double FAULT_FACTOR = 2.2;

    private static final Duration TIMEOUT = Duration.ofMillis(1_500);
    private static final Duration SWEEPS = Duration.ofMillis(500);
    private static final Duration RECHECK = Duration.ofMillis(300);

    S3Setup(int port, String bucket) {
        this(port, bucket, LEASE);
    }

    static S3Setup of(String word) {
        String[] parts = word.substring(WORD.length()).split("/", 3);
        return new S3Setup(Integer.parseInt(parts[0]), parts[1], Duration.parse(parts[2]));
    }

    @Override
    public String word() {
        return WORD + port + "/" + bucket + "/" + lease;
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

    /** The longest stall of a connection, and what a busy machine adds. */
    @Override
    public Duration late() {
        return Duration.ofMillis(7_500);
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
        S3RegistrySettings registry = new S3RegistrySettings(lease, lease.multipliedBy(HORIZON_IN_LEASES), RECHECK);
        S3TransferSettings transfers = S3TransferSettings.defaults().withTimeout(TIMEOUT);
        return builder.storage(new S3Storage(() -> client, new S3Place(bucket, PREFIX), registry, transfers, sweeps))
                .defaultStorage("s3");
    }
}
