// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is left in a root. Rule 4: after one sweep nothing but complete caches with a lock. */
record Remains(Path base) {

    private static final Set<String> OURS =
            Set.of("owners", "refs", "prepared", "metadata", "trash", "format", "starting", "sweeping");

    /** What no sweep took away and should have. */
    List<String> violations(Predicate<String> mayBeLocked) throws IOException {
        List<String> violations = new ArrayList<>();
        Path internal = base.resolve(".monolith");
        for (String folder : List.of("owners", "prepared", "trash")) {
            names(internal.resolve(folder)).forEach(name -> violations.add("left behind: " + folder + "/" + name));
        }
        names(internal).stream()
                .filter(name -> !OURS.contains(name))
                .forEach(name -> violations.add("left behind: " + name));
        Set<String> caches = caches();
        for (String id : names(internal.resolve("refs"))) {
            if (!caches.contains(id)) {
                violations.add("left behind: refs/" + id + " without a cache");
            }
        }
        for (String id : caches) {
            Set<String> names = names(internal.resolve("refs").resolve(id));
            if (!names.equals(Set.of("locked"))) {
                violations.add("left behind: cache " + id + " with " + names);
            } else if (!mayBeLocked.test(id)) {
                violations.add("left behind: cache " + id + ", which was unlocked");
            }
            if (!Files.isRegularFile(base.resolve("caches").resolve(id).resolve("meta.json"))) {
                violations.add("incomplete: cache " + id);
            }
        }
        return violations;
    }

    Set<String> caches() throws IOException {
        return names(base.resolve("caches"));
    }

    private static Set<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
