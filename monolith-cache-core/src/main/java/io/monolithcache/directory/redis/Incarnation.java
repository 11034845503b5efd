// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheOwner;
import io.monolithcache.owner.OwnerName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;

/**
 * An owner as the registry knows it: each recovery makes another one of it, with a lease of its own, so that nothing
 * that was decided about the one before concerns the next.
 *
 * @param owner the owner, the same for all of its incarnations
 * @param number 1 for the first
 */
record Incarnation(OwnerName owner, int number) {

    private static final String HOST = host();

    static Incarnation first() {
        return new Incarnation(OwnerName.fresh(), 1);
    }

    Incarnation next() {
        return new Incarnation(owner, number + 1);
    }

    /** What the lease says of it: {@code host|pid|since}. */
    String describe() {
        return HOST + "|" + owner.pid() + "|" + owner.startedAt();
    }

    /** The owner behind a lease, as others are told of it. */
    static CacheOwner describe(String name, String lease) {
        String[] parts = lease.split("\\|", 3);
        return new CacheOwner(name, parts[0], Long.parseLong(parts[1]), Instant.ofEpochMilli(Long.parseLong(parts[2])));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replace('|', '_');
        } catch (UnknownHostException nameless) {
            return "unknown";
        }
    }

    @Override
    public String toString() {
        return owner + "." + number;
    }
}
