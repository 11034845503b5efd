// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares what a manager and the disk show with what the model expects. */
record Comparison(Path base, Expected expected, Heard heard, Clock clock) {

    void compare(CacheManager observer) throws IOException {
        compareDescriptions(observer);
        compareDisk();
        compareEvents();
    }

    private void compareDescriptions(CacheManager observer) {
        Set<String> wanted =
                expected.existing().stream().map(this::describe).collect(Collectors.toCollection(TreeSet::new));
        try (Stream<CacheDescription> all = observer.list()) {
            assertThat(all.map(Comparison::describe)).containsExactlyInAnyOrderElementsOf(wanted);
        }
        List<CacheId> ids =
                expected.existing().stream().map(cache -> cache.id).sorted().toList();
        assertThat(observer.list(null, 1_000).stream().map(CacheDescription::id))
                .containsExactlyElementsOf(ids);
        if (ids.size() > 1) {
            assertThat(observer.list(ids.get(0), 1))
                    .singleElement()
                    .extracting(CacheDescription::id)
                    .isEqualTo(ids.get(1));
        }
        expected.caches.values().stream()
                .filter(cache -> !cache.exists)
                .forEach(gone -> assertThat(observer.find(gone.id)).isEmpty());
    }

    private String describe(ExpectedCache cache) {
        return describe(
                cache.id,
                cache.references(),
                cache.lockEnd(clock.millis())
                        .map(end -> end == ExpectedCache.FOR_EVER ? "for ever" : "until " + end)
                        .orElse("not"),
                cache.metadata);
    }

    private static String describe(CacheDescription cache) {
        Instant end = cache.lockedUntil();
        String locked = end == null ? "for ever" : "until " + end.toEpochMilli();
        return describe(cache.id(), cache.references(), cache.locked() ? locked : "not", cache.metadata());
    }

    private static String describe(CacheId id, int references, String locked, Map<String, Object> metadata) {
        return id + ": " + references + " references, " + locked + " locked, " + new TreeMap<>(metadata);
    }

    private void compareDisk() throws IOException {
        Set<String> caches = new TreeSet<>();
        Set<String> refs = new TreeSet<>();
        for (ExpectedCache cache : expected.existing()) {
            caches.add(cache.id.value());
            refs.add(cache.id.value());
            Set<String> names = names(base.resolve(".monolith/refs").resolve(cache.id.value()));
            assertThat(names)
                    .as("references and locks of %s", cache.id)
                    .containsAll(cache.lockNames())
                    .containsAll(cache.deadReferences)
                    .hasSize(cache.lockNames().size() + cache.references());
            assertThat(files(base.resolve("caches").resolve(cache.id.value())))
                    .as("files of %s", cache.id)
                    .isEqualTo(cache.files);
        }
        expected.halfWiped.forEach(id -> caches.add(id.value()));
        expected.halfCreated.keySet().forEach(id -> refs.add(id.value()));
        assertThat(names(base.resolve("caches"))).isEqualTo(caches);
        assertThat(names(base.resolve(".monolith/refs"))).isEqualTo(refs);
        assertThat(names(base.resolve(".monolith/owners")))
                .containsAll(expected.deadOwners)
                .noneMatch(name -> name.startsWith("."));
    }

    private static Map<String, String> files(Path cache) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(cache)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = cache.relativize(file).toString();
                if (!name.equals("meta.json")) {
                    files.put(name, Files.readString(file));
                }
            }
        }
        return files;
    }

    private void compareEvents() {
        assertThat(heard.created).containsExactlyInAnyOrderElementsOf(expected.caches.keySet());
        assertThat(heard.wiped).as("each wiped exactly once").containsExactlyInAnyOrderElementsOf(expected.wiped);
        assertThat(heard.lost).as("each told lost once").containsExactlyInAnyOrderElementsOf(expected.lost);
    }

    /** After everybody has gone. */
    void compareLeftovers() throws IOException {
        List<String> left = new ArrayList<>();
        for (String folder : List.of("owners", "prepared", "trash")) {
            names(base.resolve(".monolith").resolve(folder)).forEach(name -> left.add(folder + "/" + name));
        }
        assertThat(left).as("left after everybody has gone").isEmpty();
        expected.existing()
                .forEach(cache -> assertThat(cache.lockEnd(clock.millis()))
                        .as("lock of %s", cache.id)
                        .isPresent());
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
