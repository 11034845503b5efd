// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order in which the calls of a history can have happened one after the other, each between its begin and
 * its end (Wing and Gong, "Testing and verifying concurrent objects", 1993): a search that puts one call after the
 * other, among those that began before any that is left had ended, and never tries the same state twice.
 */
final class Linearization {

    enum Operation {
        ATTACH,
        RELEASE,
        /** By a client without a handle: it attaches for the time being. */
        LOCK,
        LOCK_HELD,
        UNLOCK,
        UNLOCK_HELD,
        EVICT
    }

    enum Result {
        DONE,
        /** An unlock that also wiped. */
        WIPED,
        NOT_FOUND,
        IN_USE
    }

    record Call(int client, Operation operation, Result result, long begin, long end) {

        Call until(long later) {
            return new Call(client, operation, result, begin, later);
        }

        @Override
        public String toString() {
            return begin + " to " + end + ": client " + client + " " + operation + " " + result;
        }
    }

    /** What is demanded, from the strictest on. */
    enum Rules {
        /** Each operation is one instant. */
        ATOMIC,
        /**
         * A lock and an unlock without a handle are three: they attach, do it, and release. So an evict may find the
         * cache in use that nobody has a handle on, and what they release last, they wipe.
         */
        LOCK_HOLDS,
        /** An evict of a cache whose wipe has begun and is not over helps, and tells that it is done. */
        EVICT_HELPS;

        boolean allows(Rules other) {
            return compareTo(other) >= 0;
        }
    }

    /**
     * @param holders a bit for each client
     * @param gone whether it was wiped
     */
    private record State(int holders, boolean locked, boolean gone) {

        State needed() {
            return holders == 0 && !locked && !gone ? new State(0, false, true) : this;
        }
    }

    /** A call, or a part of one. */
    private record Instant(Call call, Part part) {}

    private enum Part {
        WHOLE,
        HOLD,
        ACT,
        LET_GO
    }

    private record Node(Set<Instant> left, State state) {}

    private final Rules rules;
    private final List<Call> history;
    private final Set<Node> seen = new HashSet<>();

    private Linearization(Rules rules, List<Call> history) {
        this.rules = rules;
        this.history = history;
    }

    /**
     * The strictest rules by which a history can have happened; null if it cannot. The first client holds the cache.
     */
    static @Nullable Rules explain(List<Call> history) {
        for (Rules rules : Rules.values()) {
            Linearization search = new Linearization(rules, history);
            Set<Instant> all = new HashSet<>();
            history.forEach(call -> all.add(new Instant(call, search.isThree(call) ? Part.HOLD : Part.WHOLE)));
            if (search.canEnd(new Node(all, new State(1, false, false)))) {
                return rules;
            }
        }
        return null;
    }

    private boolean isThree(Call call) {
        return rules.allows(Rules.LOCK_HOLDS)
                && call.result() != Result.NOT_FOUND
                && (call.operation() == Operation.LOCK || call.operation() == Operation.UNLOCK);
    }

    private boolean canEnd(Node node) {
        if (node.left().isEmpty()) {
            return true;
        }
        if (!seen.add(node)) {
            return false;
        }
        long firstEnd = node.left().stream()
                .mapToLong(instant -> instant.call().end())
                .min()
                .orElseThrow();
        for (Instant next : node.left()) {
            if (next.call().begin() <= firstEnd) {
                for (State after : after(node.state(), next)) {
                    Set<Instant> left = new HashSet<>(node.left());
                    left.remove(next);
                    if (next.part() == Part.HOLD) {
                        left.add(new Instant(next.call(), Part.ACT));
                    } else if (next.part() == Part.ACT) {
                        left.add(new Instant(next.call(), Part.LET_GO));
                    }
                    if (canEnd(new Node(left, after))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** What can be after a call with that result; nothing if it cannot have had it. */
    private List<State> after(State state, Instant instant) {
        Call call = instant.call();
        int me = 1 << call.client();
        List<State> after = new ArrayList<>();
        if (call.result() == Result.NOT_FOUND) {
            if (state.gone()) {
                after.add(state);
            }
            return after;
        }
        if (instant.part() == Part.LET_GO) {
            State released = new State(state.holders() & ~me, state.locked(), state.gone()).needed();
            boolean wiped = released.gone();
            if (call.operation() == Operation.LOCK || wiped == (call.result() == Result.WIPED)) {
                after.add(released);
            }
            return after;
        }
        if (state.gone()) {
            if (call.operation() == Operation.EVICT
                    && call.result() == Result.DONE
                    && rules.allows(Rules.EVICT_HELPS)
                    && mayHelp(call)) {
                after.add(state);
            }
            return after;
        }
        if (instant.part() == Part.HOLD) {
            return List.of(new State(state.holders() | me, state.locked(), false));
        }
        State next = switch (call.operation()) {
            case ATTACH -> new State(state.holders() | me, state.locked(), false);
            case RELEASE -> new State(state.holders() & ~me, state.locked(), false).needed();
            case LOCK -> new State(state.holders(), true, false);
            case UNLOCK ->
                instant.part() == Part.ACT
                        ? new State(state.holders(), false, false)
                        : new State(state.holders(), false, false).needed();
            case LOCK_HELD -> new State(state.holders(), true, false);
            case UNLOCK_HELD -> new State(state.holders(), false, false);
            case EVICT -> state.holders() == 0 ? new State(0, false, true) : state;
        };
        boolean possible = switch (call.operation()) {
            case EVICT -> (call.result() == Result.IN_USE) == (state.holders() != 0);
            case UNLOCK -> instant.part() == Part.ACT || next.gone() == (call.result() == Result.WIPED);
            default -> call.result() == Result.DONE;
        };
        if (possible) {
            after.add(next);
        }
        return after;
    }

    /** A wipe that a release began may take longer than the release. */
    private boolean mayHelp(Call evict) {
        return history.stream()
                .anyMatch(other -> !other.equals(evict)
                        && other.begin() < evict.end()
                        && switch (other.operation()) {
                            case EVICT -> other.result() == Result.DONE;
                            case RELEASE, LOCK, UNLOCK -> other.result() != Result.NOT_FOUND;
                            default -> false;
                        });
    }
}
