// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.time.Duration;

/**
 * What all processes that share caches have in common.
 *
 * @param lease how long a process may be silent before the others take it for dead: 300 milliseconds to 15 minutes. It
 *     is renewed three times as often
 * @param horizon how long a version that nobody needs any more is kept, by the clock of the store; no request may take
 *     effect so long after it was made. At least four leases, and for all who share caches the same
 * @param recheck for how long a process believes that what it references was not evicted by force; after that, its next
 *     operation looks
 */
public record S3RegistrySettings(Duration lease, Duration horizon, Duration recheck) {

    private static final Duration SHORTEST_LEASE = Duration.ofMillis(300);
    private static final int GUARD = 4;

    /** Of all who share caches: whoever pauses for longer than a part of it believes nothing that it has read. */
    private static final Duration HORIZON = Duration.ofHours(1);

    private static final Duration LONGEST_LEASE = HORIZON.dividedBy(GUARD);

    /** @throws IllegalArgumentException if one of them is out of its range */
    public S3RegistrySettings {
        if (!isLease(lease)) {
            throw new IllegalArgumentException("A lease is 300 ms to 15 minutes, not " + lease);
        }
        if (horizon.compareTo(lease.multipliedBy(GUARD)) < 0) {
            throw new IllegalArgumentException(
                    "A version is kept for at least " + GUARD + " leases of " + lease + ", not for " + horizon);
        }
        if (recheck.isNegative()) {
            throw new IllegalArgumentException("The time until a look is not negative, as " + recheck + " is");
        }
    }

    /** Whether a lease is in its range. */
    public static boolean isLease(Duration lease) {
        return lease.compareTo(SHORTEST_LEASE) >= 0 && lease.compareTo(LONGEST_LEASE) <= 0;
    }

    /** With another lease. Those who share caches may have different ones. */
    public S3RegistrySettings withLease(Duration time) {
        return new S3RegistrySettings(time, horizon, recheck);
    }

    /** A lease of 60 seconds, versions kept for an hour, a look after 10 seconds. */
    public static S3RegistrySettings defaults() {
        return new S3RegistrySettings(Duration.ofSeconds(60), HORIZON, Duration.ofSeconds(10));
    }

    /** What took longer than this, from the begin of its reading, may be overtaken by what is deleted. */
    Duration guard() {
        return horizon.dividedBy(GUARD);
    }
}
