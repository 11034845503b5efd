// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What all children of one root did, as their journals have it. */
final class History {

    final List<Event> events = new ArrayList<>();
    final List<Action> actions = new ArrayList<>();

    /** When the kill of each child was asked for; until then it lived. */
    private final Map<Integer, Long> killed = new HashMap<>();

    private final Leases leases;
    private final Setup setup;

    History(Setup setup) {
        this.setup = setup;
        this.leases = new Leases(setup.lease());
    }

    /**
     * @param killed before the child was killed
     * @param dead when it was surely dead
     */
    void add(int child, Path journal, long killed, long dead) throws IOException {
        this.killed.put(child, killed);
        if (!Files.exists(journal)) {
            return;
        }
        Map<String, Event> underWay = new HashMap<>();
        for (String line : completeLines(Files.readString(journal))) {
            Event event = Event.parse(child, line);
            events.add(event);
            switch (event.phase()) {
                case WILL -> underWay.put(event.thread(), event);
                case FAILED -> {
                    Event begin = Objects.requireNonNull(underWay.remove(event.thread()));
                    actions.add(action(begin, event, event.time() + late(), Action.Outcome.CUT));
                }
                case RENEWED -> leases.renewed(event);
                case DID, REFUSED, ERROR -> {
                    Event begin = Objects.requireNonNull(underWay.remove(event.thread()));
                    actions.add(action(begin, event, event.time(), outcome(event.phase())));
                }
                default -> {
                    // stands for itself
                }
            }
        }
        underWay.values().forEach(begin -> actions.add(action(begin, begin, dead + late(), Action.Outcome.CUT)));
    }

    private static Action.Outcome outcome(Event.Phase end) {
        return switch (end) {
            case DID -> Action.Outcome.DONE;
            case REFUSED -> Action.Outcome.REFUSED;
            default -> Action.Outcome.CUT;
        };
    }

    private static Action action(Event begin, Event end, long time, Action.Outcome outcome) {
        return new Action(
                begin.child(), begin.operation(), begin.manager(), end.id(), end.detail(), begin.time(), time, outcome);
    }

    /** What is on its way to the registry when its sender gives up may still arrive. */
    private long late() {
        return setup.late().toNanos();
    }

    /** Whether others may have taken a manager for dead at some time between two. */
    boolean lapsed(int child, String manager, long from, long to) {
        return setup.mayFail() && leases.lapsed(child, manager, from, to);
    }

    /** Whether a lock or an unlock shows that whoever did it held the cache. */
    boolean locksAreProofs() {
        return setup.locksByReference();
    }

    /** Whether locks with an end still stand when everything is over. */
    boolean longLocksStand() {
        return setup.mayFail();
    }

    /** The last line may have been cut off by the kill. */
    private static List<String> completeLines(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /**
     * The lines about the caches and recoveries of the children that a text names, and all faults, in the order of
     * time.
     */
    String trail(List<String> violations) {
        String text = String.join(" ", violations);
        return events.stream()
                .filter(event -> event.phase() == Event.Phase.FAULT
                        || (event.id().length() > 1 && text.contains(event.id()))
                        || (event.phase() == Event.Phase.RENEWED
                                && text.contains("child " + event.child() + " ")
                                && !event.detail().endsWith(" beat")))
                .sorted(Comparator.comparingLong(Event::time))
                .map(Event::toString)
                .collect(Collectors.joining("\n"));
    }

    long killed(int child) {
        return killed.getOrDefault(child, Long.MAX_VALUE);
    }
}
