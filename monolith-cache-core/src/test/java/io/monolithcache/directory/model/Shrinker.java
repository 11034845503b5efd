// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Shortens a sequence that fails, by leaving out steps as long as it still fails: first many at once, then fewer. */
final class Shrinker {

    private Shrinker() {}

    static List<Step> shrink(List<Step> failing, Predicate<List<Step>> fails) {
        List<Step> shortest = failing;
        for (int chunk = Math.max(1, failing.size() / 2); chunk > 0; chunk /= 2) {
            int start = 0;
            while (start < shortest.size()) {
                List<Step> shorter = new ArrayList<>(shortest);
                shorter.subList(start, Math.min(start + chunk, shorter.size())).clear();
                if (fails.test(shorter)) {
                    shortest = shorter;
                } else {
                    start += chunk;
                }
            }
        }
        return shortest;
    }
}
