// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is left in a root and in Redis. Rule 4: nothing but complete caches with a lock, and what lives. */
final class RedisRemains {

    private static final Set<String> OURS = Set.of("prepared", "metadata", "trash", "format", "starting", "sweeping");

    private final Path base;
    private final RedisCommands<String, String> redis;
    private final String prefix;

    RedisRemains(Path base, RedisCommands<String, String> redis, String namespace) {
        this.base = base;
        this.redis = redis;
        this.prefix = "{" + namespace + "}:";
    }

    /** What should not be there; owners that have a lease live. */
    List<String> violations(Predicate<String> mayBeLocked) throws IOException {
        List<String> violations = new ArrayList<>();
        Set<String> caches = caches();
        Set<String> living = keys("owner:");
        disk(violations, caches, living, mayBeLocked);
        Set<String> hashes = keys("cache:");
        for (String id : hashes) {
            Map<String, String> hash = redis.hgetall(prefix + "cache:" + id);
            if (!caches.contains(id)) {
                violations.add("left in Redis: cache " + id + " without a directory, " + hash);
            } else if (!"live".equals(hash.get("phase"))
                    || !hash.containsKey("lock")
                    || hash.keySet().stream().anyMatch(field -> field.startsWith("o:"))) {
                violations.add("left in Redis: cache " + id + " with " + hash);
            }
        }
        for (String id : caches) {
            if (!hashes.contains(id)) {
                violations.add("left behind: cache " + id + ", which Redis does not know");
            }
        }
        for (String root : keys("index:")) {
            difference("index", Set.copyOf(redis.zrange(prefix + "index:" + root, 0, -1)), hashes, violations);
        }
        for (String root : keys("owners:")) {
            difference("owners", redis.smembers(prefix + "owners:" + root), living, violations);
        }
        for (String root : keys("due:")) {
            difference("due", Set.copyOf(redis.zrange(prefix + "due:" + root, 0, -1)), hashes, violations);
        }
        return violations;
    }

    private static void difference(String key, Set<String> names, Set<String> living, List<String> violations) {
        Set<String> left = new TreeSet<>(names);
        left.removeAll(living);
        left.forEach(name -> violations.add("left in Redis: " + key + " " + name));
    }

    private void disk(List<String> violations, Set<String> caches, Set<String> living, Predicate<String> mayBeLocked)
            throws IOException {
        Path internal = base.resolve(".monolith");
        names(internal.resolve("trash")).forEach(name -> violations.add("left behind: trash/" + name));
        names(internal.resolve("prepared")).stream()
                .filter(name -> !living.contains(name))
                .forEach(name -> violations.add("left behind: prepared/" + name));
        names(internal).stream()
                .filter(name -> !OURS.contains(name))
                .forEach(name -> violations.add("left behind: " + name));
        for (String id : caches) {
            Path cache = base.resolve("caches").resolve(id);
            if (!Files.isRegularFile(cache.resolve("meta.json"))) {
                violations.add("incomplete: cache " + id);
            } else if (!mayBeLocked.test(id)) {
                violations.add("left behind: cache " + id + ", which was not locked: "
                        + Files.readString(cache.resolve("meta.json")));
            }
            if (Files.exists(cache.resolve(".wiping"))) {
                violations.add("left behind: cache " + id + " with the mark of a wipe");
            }
        }
    }

    private Set<String> keys(String kind) {
        return redis.keys(prefix + kind + "*").stream()
                .map(key -> key.substring((prefix + kind).length()))
                .collect(Collectors.toCollection(TreeSet::new));
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
