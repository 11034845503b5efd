// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What all servers that share caches have in common.
 *
 * @param namespace the hash tag of every key: 1 to 100 letters, digits and {@code . _ : -}; who outgrows one shard of a
 *     cluster uses several
 * @param lease how long a process may be silent before the others take it for dead: 300 milliseconds to one day. It is
 *     renewed three times as often
 * @param timeout how long one command may take; at most a third of the lease
 */
public record RedisRegistrySettings(String namespace, Duration lease, Duration timeout) {

    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
    private static final Duration SHORTEST_LEASE = Duration.ofMillis(300);
    private static final Duration LONGEST_LEASE = Duration.ofDays(1);

    /** @throws IllegalArgumentException if one of them is out of its range */
    public RedisRegistrySettings {
        if (!isNamespace(namespace)) {
            throw new IllegalArgumentException(
                    "A namespace has 1 to 100 letters, digits and . _ : -, unlike '" + namespace + "'");
        }
        if (!isLease(lease)) {
            throw new IllegalArgumentException("A lease is 300 ms to one day, not " + lease);
        }
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(lease.dividedBy(3)) > 0) {
            throw new IllegalArgumentException(
                    "The time for a command is more than nothing and at most a third of the lease (" + lease + "), not "
                            + timeout);
        }
    }

    /** Whether it can be one: 1 to 100 letters, digits and {@code . _ : -}. */
    public static boolean isNamespace(String text) {
        return NAMESPACE.matcher(text).matches();
    }

    /** Whether it is neither shorter nor longer than a lease may be. */
    public static boolean isLease(Duration time) {
        return time.compareTo(SHORTEST_LEASE) >= 0 && time.compareTo(LONGEST_LEASE) <= 0;
    }

    /** The namespace {@code monolith}, a lease of 30 seconds, commands of at most 2 seconds. */
    public static RedisRegistrySettings defaults() {
        return new RedisRegistrySettings("monolith", Duration.ofSeconds(30), Duration.ofSeconds(2));
    }
}
