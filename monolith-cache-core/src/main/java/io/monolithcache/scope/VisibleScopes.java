// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import io.monolithcache.scope.OpenScope.Visible;
import org.jspecify.annotations.Nullable;

/**
 * What each thread sees: one chain for all instances of {@link CacheScopes}, so that scopes of two managers nest, and
 * each finds its own. Seeing a scope keeps nothing open.
 */
final class VisibleScopes {

    private static final ThreadLocal<@Nullable Visible> TOP = new ThreadLocal<>();

    private VisibleScopes() {}

    static @Nullable Visible top() {
        Visible top = TOP.get();
        if (top != null && top.isLeft()) {
            removeLeft();
            return TOP.get();
        }
        return top;
    }

    /** The innermost scope of one instance, seen from there. */
    static @Nullable LiveScope find(@Nullable Visible from, CacheScopes scopes) {
        Visible seen = from;
        while (seen != null && seen.live.scopes != scopes) {
            seen = seen.outer;
        }
        return seen == null ? null : seen.live;
    }

    /** Makes a scope the innermost one of this thread. */
    static Visible enter(LiveScope live) {
        Visible before = top();
        return put(new Visible(live, outside(live, before), before));
    }

    /** Makes this thread see what another one saw. */
    static Visible enter(Visible seen) {
        return put(new Visible(seen.live, seen.outer, top()));
    }

    /**
     * Sees what was seen elsewhere, until {@link #restore}. Its own object, because the other may have been left where
     * it was entered.
     */
    static void show(Visible seen) {
        put(new Visible(seen.live, seen.outer, null));
    }

    /** Sees again what this thread saw before {@link #show}, unless it was left meanwhile. */
    static void restore(@Nullable Visible before) {
        Visible top = before;
        while (top != null && top.isLeft()) {
            top = top.before;
        }
        set(top);
    }

    /** Takes away from the top what was left, and what was left earlier or elsewhere. */
    static void removeLeft() {
        restore(TOP.get());
    }

    /** Sees exactly this, and nothing if it is null. */
    static @Nullable Visible swap(@Nullable Visible seen) {
        Visible before = top();
        set(seen);
        return before;
    }

    /** The nearest of another manager: one of the same cannot be seen any more, and would be kept in memory. */
    static @Nullable Visible outside(LiveScope live, @Nullable Visible seen) {
        Visible outer = seen;
        while (outer != null && outer.live.scopes == live.scopes) {
            outer = outer.outer;
        }
        return outer;
    }

    private static Visible put(Visible seen) {
        TOP.set(seen);
        return seen;
    }

    private static void set(@Nullable Visible seen) {
        if (seen == null) {
            TOP.remove();
        } else {
            TOP.set(seen);
        }
    }
}
