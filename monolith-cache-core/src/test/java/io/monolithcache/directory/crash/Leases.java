// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When managers may have been taken for dead, as their own notes tell: from a lease after the begin of one renewal to
 * the end of the next. So it does not matter why a renewal was late, a signal, a connection or a busy machine.
 */
final class Leases {

    /** Between the look at the clock and the note a thread may have waited for its turn. */
    private static final Duration SLACK = Duration.ofMillis(100);

    private record Manager(int child, String name) {}

    private record Renewal(long begin, long end) {}

    private final Duration lease;
    private final Map<Manager, List<Renewal>> renewals = new HashMap<>();

    Leases(Duration lease) {
        this.lease = lease;
    }

    void renewed(Event event) {
        String begin = event.detail().substring(0, event.detail().indexOf(' '));
        renewals.computeIfAbsent(new Manager(event.child(), event.manager()), manager -> new ArrayList<>())
                .add(new Renewal(Long.parseLong(begin), event.time()));
    }

    boolean lapsed(int child, String manager, long from, long to) {
        List<Renewal> all = renewals.getOrDefault(new Manager(child, manager), List.of());
        for (int i = 0; i < all.size(); i++) {
            long end = all.get(i).begin() + lease.minus(SLACK).toNanos();
            long next = i + 1 < all.size() ? all.get(i + 1).end() : Long.MAX_VALUE;
            if (next > end && end <= to && next >= from) {
                return true;
            }
        }
        return false;
    }
}
