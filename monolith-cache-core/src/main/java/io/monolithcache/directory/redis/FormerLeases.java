// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * The leases that keep what an owner told before a recovery that is not complete: that of the incarnation that worked,
 * and those of attempts that failed half-way. Each new lease renews them, so that nobody takes a cache for unreferenced
 * until it is told again. Only leases of one epoch are kept: those of another may be forgotten without having ended.
 */
final class FormerLeases {

    private final List<Incarnation> names = new ArrayList<>();
    private String epoch = "";

    List<Incarnation> names() {
        return List.copyOf(names);
    }

    /** Whether one of them had ended in an epoch that has forgotten nothing. */
    boolean hadEnded(Answer lease) {
        return lease.epoch().equals(epoch) && lease.number(1) > 0;
    }

    /** Something may be told in this name from here on. */
    void add(Incarnation begun, String in) {
        if (!in.equals(epoch)) {
            names.clear();
            epoch = in;
        }
        names.add(begun);
    }

    /** All is told in this name. */
    void settle(Incarnation complete, String in) {
        names.clear();
        add(complete, in);
    }
}
