// SPDX-License-Identifier: Apache-2.0

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes every change of clocks that the JDK's time-zone data lists, one row each:
 * {@code java TimeZoneTransitions.java > time-zone-transitions.csv}.
 *
 * <p>Listed ones only, not those that a rule foretells for ever. Many zones are only another name of an earlier one, with
 * the very same rules, and are left out.
 */
class TimeZoneTransitions {

    public static void main(String[] args) {
        StringBuilder table = new StringBuilder("zone,instant,clocks,seconds,offset_before,offset_after\n");
        Set<ZoneRules> seen = new HashSet<>();
        for (String zone : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
            ZoneRules rules = ZoneId.of(zone).getRules();
            if (isPlace(zone) && seen.add(rules)) {
                rules.getTransitions().forEach(transition -> append(table, zone, transition));
            }
        }
        System.out.print(table);
        System.err.println("Time-zone data " + ZoneRulesProvider.getVersions("UTC").lastKey());
    }

    private static boolean isPlace(String zone) {
        return zone.contains("/") && !zone.startsWith("Etc/") && !zone.startsWith("SystemV/");
    }

    private static void append(StringBuilder table, String zone, ZoneOffsetTransition transition) {
        table.append(zone).append(',');
        table.append(transition.getInstant()).append(',');
        table.append(transition.isGap() ? "forward" : "back").append(',');
        table.append(transition.getDuration().toSeconds()).append(',');
        table.append(hours(transition.getOffsetBefore())).append(',');
        table.append(hours(transition.getOffsetAfter())).append('\n');
    }

    /** {@code Z} is the only offset that does not look like one. */
    private static String hours(ZoneOffset offset) {
        return offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
    }
}
