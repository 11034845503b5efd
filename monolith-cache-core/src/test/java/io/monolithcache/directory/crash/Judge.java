// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks for violations of the rules in a history. Only what is certain counts: what may have happened in another order
 * than the lines were written is given the benefit of the doubt.
 */
final class Judge {

    /** What succeeds only for a manager that holds the cache, or comes to hold it. */
    private static final Set<String> PROOFS = Set.of("create", "attach", "write", "read", "exists", "put");

    /** So do these, if they take a reference. */
    private static final Set<String> LOCKS = Set.of("lock", "unlock");

    private final History history;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, List<Action>> byId = new HashMap<>();
    private final Map<String, List<Event>> wipes = new HashMap<>();
    private final Map<String, List<Event>> losses = new HashMap<>();
    private final Map<String, Long> closes = new HashMap<>();
    private final Set<String> forced = new HashSet<>();

    Judge(History history) {
        this.history = history;
        for (Action action : history.actions) {
            byId.computeIfAbsent(action.id(), id -> new ArrayList<>()).add(action);
            if (action.is("force") && action.mayHaveHappened()) {
                forced.add(action.id());
            }
            if (action.is("close")) {
                closes.putIfAbsent(action.child() + " " + action.manager(), action.start());
            }
        }
        for (Event event : history.events) {
            if (event.phase() == Event.Phase.WIPED) {
                wipes.computeIfAbsent(event.id(), id -> new ArrayList<>()).add(event);
            } else if (event.phase() == Event.Phase.LOST || event.detail().equals("CacheLostException")) {
                losses.computeIfAbsent(event.id(), id -> new ArrayList<>()).add(event);
            }
        }
    }

    List<String> violations() {
        unexpected();
        wipedTwice();
        wipedWhileHeld();
        wipedWhileLocked();
        revived();
        createdTwice();
        return violations;
    }

    private void found(String rule, Object... proof) {
        violations.add(rule + ": " + List.of(proof));
    }

    private Stream<Action> on(String id) {
        return byId.getOrDefault(id, List.of()).stream();
    }

    /** Errors, things that were not there, and caches lost without anybody having forced it. */
    private void unexpected() {
        for (Event event : history.events) {
            if (!forced.contains(event.id())
                    && (isLossWithoutCause(event) || isErrorWithoutCause(event) || isMissedWithoutCause(event))
                    && closeOf(event.child(), event.manager()) > event.time()) {
                found("not as it must be", event);
            }
        }
    }

    /** A file that somebody writes who is silent for a lease meanwhile may be taken for one of the dead. */
    private boolean isErrorWithoutCause(Event event) {
        return event.phase() == Event.Phase.ERROR && !isOfTheSilent(event);
    }

    /**
     * Whether a failed operation was under way while others may have taken its manager for dead, or before that one
     * told of the cache that it lost it then. What began afterwards has no excuse, nor has what is done to another
     * cache.
     */
    private boolean isOfTheSilent(Event error) {
        long begin = beginOf(error);
        return history.lapsed(error.child(), error.manager(), begin, error.time())
                || losses.getOrDefault(error.id(), List.of()).stream()
                        .filter(loss -> isOf(loss, error.child(), error.manager()) && loss.time() > begin)
                        .anyMatch(loss -> provenBefore(loss) <= begin
                                && history.lapsed(loss.child(), loss.manager(), provenBefore(loss), loss.time()));
    }

    /** When the operation began that ended with an event. */
    private long beginOf(Event event) {
        return on(event.id())
                .filter(action -> isOf(action, event.child(), event.manager())
                        && action.is(event.operation())
                        && action.end() == event.time())
                .mapToLong(Action::start)
                .findAny()
                .orElse(event.time());
    }

    /** It was looked for twice, which takes time over a network, so that a lease may end in between. */
    private boolean isMissedWithoutCause(Event event) {
        return event.phase() == Event.Phase.MISSED
                && !history.lapsed(event.child(), event.manager(), provenBefore(event), event.time());
    }

    /** Whoever was silent for a lease may be told that he lost what he held. */
    private boolean isLossWithoutCause(Event event) {
        boolean thrown = event.phase() == Event.Phase.REFUSED
                && event.detail().equals("CacheLostException")
                && !isForcedAtOnce(event);
        return (thrown || event.phase() == Event.Phase.LOST)
                && !history.lapsed(event.child(), event.manager(), provenBefore(event), event.time());
    }

    /**
     * When a manager, before an event, last began something on that cache that succeeded and shows that it held it
     * then: anything but another handle on what it had already. If there is nothing, when it first may have come to
     * hold it.
     */
    private long provenBefore(Event event) {
        return on(event.id())
                .filter(action -> isOf(action, event.child(), event.manager())
                        && action.isDone()
                        && isProof(action)
                        && action.start() < event.time())
                .filter(action -> !action.is("attach") || isFirst(action))
                .mapToLong(Action::start)
                .max()
                .orElseGet(() -> firstTouch(event));
    }

    private boolean isProof(Action action) {
        return PROOFS.contains(action.operation()) || (history.locksAreProofs() && LOCKS.contains(action.operation()));
    }

    /** What failed may have left a reference; a create, one on a cache whose id nobody has written down. */
    private long firstTouch(Event event) {
        return Stream.concat(on(event.id()), on("-").filter(action -> action.is("create")))
                .filter(action -> isOf(action, event.child(), event.manager())
                        && action.mayHaveHappened()
                        && action.start() < event.time())
                .mapToLong(Action::start)
                .min()
                .orElse(event.time());
    }

    private static boolean isOf(Action action, int child, String manager) {
        return action.child() == child && action.manager().equals(manager);
    }

    private static boolean isOf(Event event, int child, String manager) {
        return event.child() == child && event.manager().equals(manager);
    }

    private static boolean isHold(Action action) {
        return action.is("create") || action.is("attach");
    }

    /** Whether no other handle of its manager may have been open when this one was attached. */
    private boolean isFirst(Action attach) {
        return on(attach.id())
                .filter(other -> !other.equals(attach)
                        && isHold(other)
                        && other.mayHaveHappened()
                        && isOf(other, attach.child(), attach.manager()))
                .noneMatch(other -> other.start() < attach.end()
                        && releaseOf(other).map(Action::end).orElse(Long.MAX_VALUE) > attach.start());
    }

    /** A create that also locks may meet a forced evict in between, and then nobody has written down the id. */
    private boolean isForcedAtOnce(Event create) {
        return create.operation().equals("create")
                && history.actions.stream()
                        .anyMatch(action ->
                                action.is("force") && action.mayHaveHappened() && action.start() < create.time());
    }

    /** When a manager began to be closed; whatever another thread does with it from then on may fail. */
    private long closeOf(int child, String manager) {
        return closes.getOrDefault(child + " " + manager, Long.MAX_VALUE);
    }

    /** Rule 2: by exactly one party. */
    private void wipedTwice() {
        wipes.forEach((id, events) -> {
            if (events.size() > 1) {
                found("wiped twice", events);
            }
        });
    }

    /**
     * Rule 1, and 3: a wipe that was told before a holder began to let go came either after the attach, and so while it
     * was held, or before, and then the attach must not have succeeded.
     */
    private void wipedWhileHeld() {
        wipes.forEach((id, events) -> {
            Event wipe = events.get(0);
            if (!forced.contains(id)) {
                on(id).filter(action -> action.isDone() && isHold(action))
                        .filter(hold -> wipe.time() < endOf(hold))
                        .filter(hold -> hold.start() > wipe.time() ? isFirst(hold) : !mayHaveLapsed(hold, wipe))
                        .forEach(hold -> found("wiped while held", wipe, hold));
            }
        });
    }

    private boolean mayHaveLapsed(Action hold, Event wipe) {
        Event then = new Event(
                hold.child(), wipe.time(), "-", Event.Phase.WIPED, "-", hold.manager(), hold.id(), "seen by a holder");
        return history.lapsed(hold.child(), hold.manager(), provenBefore(then), wipe.time());
    }

    /** Until when a handle surely was open, and its holder had not been told that it lost the cache. */
    private long endOf(Action hold) {
        long released = releaseOf(hold).map(Action::start).orElse(Long.MAX_VALUE);
        long told = losses.getOrDefault(hold.id(), List.of()).stream()
                .filter(event -> isOf(event, hold.child(), hold.manager()) && event.time() > hold.start())
                .mapToLong(Event::time)
                .min()
                .orElse(Long.MAX_VALUE);
        long closed = Math.min(history.killed(hold.child()), closeOf(hold.child(), hold.manager()));
        return Math.min(Math.min(released, told), closed);
    }

    private Optional<Action> releaseOf(Action hold) {
        String handle = hold.detail().substring(0, (hold.detail() + " ").indexOf(' '));
        return on(hold.id())
                .filter(action -> action.child() == hold.child()
                        && action.is("release")
                        && action.detail().equals(handle))
                .findAny();
    }

    /** Rule 1: an acknowledged lock, and nobody who may have ended it before the wipe was told. */
    private void wipedWhileLocked() {
        wipes.forEach((id, events) -> on(id).filter(lock -> isLasting(lock) && lock.isDone())
                // at the time of the last sweep every timed lock is over
                .filter(lock -> events.get(0).child() >= 0 || isForEver(lock))
                .filter(lock -> unlocks(lock)
                        .noneMatch(unlock -> unlock.start() < events.get(0).time()))
                .forEach(lock -> found("wiped while locked", events.get(0), lock)));
    }

    private static boolean isLasting(Action action) {
        return (action.is("lock") && !action.detail().equals("short")) || isLockedCreate(action);
    }

    private static boolean isLockedCreate(Action action) {
        return action.is("create") && action.detail().endsWith(" locked");
    }

    /** What may have ended a lock: not over when the lock began. */
    private Stream<Action> unlocks(Action lock) {
        return on(lock.id()).filter(action -> action.mayUnlock() && action.end() > lock.start());
    }

    /**
     * Rule 3: an attach that began after the wipe was told. Who holds a cache may not have heard of a forced one yet,
     * or that he lost it.
     */
    private void revived() {
        wipes.forEach((id, events) -> on(id).filter(
                        action -> action.is("attach") && action.isDone() && !forced.contains(id) && isFirst(action))
                .filter(attach -> attach.start() > events.get(0).time())
                .forEach(attach -> found("revived", events.get(0), attach)));
    }

    private void createdTwice() {
        byId.forEach((id, actions) -> {
            if (actions.stream()
                            .filter(action -> action.is("create") && action.isDone())
                            .count()
                    > 1) {
                found("created twice", actions);
            }
        });
    }

    /** The caches whose lock was acknowledged, and that nobody may have unlocked since. */
    Set<String> surelyLocked() {
        Set<String> locked = new HashSet<>();
        history.actions.stream()
                .filter(action -> isLasting(action) && action.isDone())
                .filter(lock -> unlocks(lock).findAny().isEmpty())
                .forEach(lock -> locked.add(lock.id()));
        return locked;
    }

    /** Whether a cache that is there after the sweep may have a lock without an end. */
    boolean mayBeLocked(String id) {
        if (on(id).anyMatch(action -> (action.is("evict") || action.is("force")) && action.isDone())) {
            return false;
        }
        List<Action> locks = on(id).filter(action -> mayStand(action) && action.mayHaveHappened())
                .toList();
        if (locks.isEmpty()) {
            // its creator was killed before it could write down the id
            return on(id).noneMatch(action -> action.is("create"))
                    && history.actions.stream().anyMatch(Judge::isCut);
        }
        long last = Stream.concat(locks.stream(), on(id).filter(Judge::isUnfinishedEvict))
                .mapToLong(Action::end)
                .max()
                .orElseThrow();
        return on(id).noneMatch(action -> action.is("unlock") && action.isDone() && action.start() > last);
    }

    private static boolean isCut(Action action) {
        return action.outcome() == Action.Outcome.CUT && isLockedCreate(action);
    }

    private boolean mayStand(Action lock) {
        return history.longLocksStand() ? isLasting(lock) : isForEver(lock);
    }

    private static boolean isForEver(Action action) {
        return (action.is("lock") && action.detail().equals("ever")) || isLockedCreate(action);
    }

    /** An evict that is refused late puts locks back. */
    private static boolean isUnfinishedEvict(Action action) {
        return action.is("evict") && !action.isDone();
    }
}
