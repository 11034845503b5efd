// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Finding, listing and paging. */
class ListingTests extends ManagersOnOneRoot {

    @Test
    void aDescriptionTellsWhatIsKnown() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create(CacheOptions.defaults().metadata("colour", "green"));

        CacheDescription found = manager.find(cache.id()).orElseThrow();

        assertThat(found.id()).isEqualTo(cache.id());
        assertThat(found.location()).isEqualTo(cache.location());
        assertThat(found.storage()).isEqualTo("local");
        assertThat(found.locked()).isFalse();
        assertThat(found.lockedUntil()).isNull();
        assertThat(found.references()).isOne();
        assertThat(found.createdAt()).isEqualTo(clock.instant());
        assertThat(found.metadata()).containsExactly(entry("colour", "green"));
    }

    @Test
    void anOwnerIsDescribedByItsProcess() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();

        CacheOwner owner = manager.find(cache.id()).orElseThrow().owners().get(0);

        assertThat(owner.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(owner.host()).isNull();
        assertThat(owner).hasToString("process " + owner.pid() + " (started " + owner.since() + ")");
    }

    @Test
    void aDescriptionTellsOfALock() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();

        cache.lock(Duration.ofMinutes(5));

        CacheDescription found = manager.find(cache.id()).orElseThrow();
        assertThat(found.locked()).isTrue();
        assertThat(found.lockedUntil()).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
    }

    @Test
    void referencesAreOwnersAndNotHandles() {
        CacheManager manager = manager();
        CacheManager other = manager();
        CacheDirectory cache = manager.create();
        manager.attach(cache.id());
        other.attach(cache.id());
        other.attach(cache.id());

        assertThat(manager.find(cache.id()).orElseThrow().references()).isEqualTo(2);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        CacheManager manager = manager();
        manager.create();

        assertThat(manager.find(CacheId.random(clock.instant()))).isEmpty();
    }

    @Test
    void findingReferencesNothing() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();

        manager.find(cache.id());
        cache.close();

        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void theListIsReadAsItIsConsumed() {
        CacheManager manager = manager();
        List<CacheDirectory> caches = List.of(manager.create(), manager.create(), manager.create());
        List<CacheId> seen = new ArrayList<>();

        try (Stream<CacheDescription> all = manager.list()) {
            all.forEach(description -> {
                if (seen.isEmpty()) {
                    // whoever is wiped meanwhile is not described any more
                    caches.stream()
                            .filter(cache -> !cache.id().equals(description.id()))
                            .forEach(CacheDirectory::close);
                }
                seen.add(description.id());
            });
        }

        assertThat(seen).hasSize(1);
    }

    @Test
    void theListHasEveryCacheOfTheRoot() {
        CacheManager manager = manager();
        List<CacheId> ids = List.of(manager.create().id(), manager().create().id(), otherProcessCreates());

        try (Stream<CacheDescription> all = manager.list()) {
            assertThat(all.map(CacheDescription::id)).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    private CacheId otherProcessCreates() {
        CacheId id = CacheId.random(clock.instant());
        otherProcess().create(id, Map.of());
        return id;
    }

    @Test
    void pagesFollowEachOtherInTheOrderOfIds() {
        CacheManager manager = manager();
        List<CacheId> sorted =
                createFive(manager).stream().map(CacheDirectory::id).sorted().toList();

        assertThat(ids(manager.list(null, 2))).isEqualTo(sorted.subList(0, 2));
        assertThat(ids(manager.list(sorted.get(1), 2))).isEqualTo(sorted.subList(2, 4));
        assertThat(ids(manager.list(sorted.get(3), 2))).isEqualTo(sorted.subList(4, 5));
        assertThat(manager.list(sorted.get(4), 2)).isEmpty();
        assertThat(ids(manager.list(null, 5))).isEqualTo(sorted);
        assertThat(ids(manager.list(null, 1_000))).isEqualTo(sorted);
    }

    @Test
    void olderCachesComeFirst() {
        CacheManager manager = manager();
        CacheId first = manager.create().id();
        clock.advance(Duration.ofMillis(1));
        CacheId second = manager.create().id();

        assertThat(ids(manager.list(null, 10))).containsExactly(first, second);
    }

    private List<CacheDirectory> createFive(CacheManager manager) {
        return Stream.generate(manager::create).limit(5).toList();
    }

    private static List<CacheId> ids(List<CacheDescription> page) {
        return page.stream().map(CacheDescription::id).toList();
    }

    @Test
    void whatVanishesWhileAPageIsReadIsMadeUpForByTheNext() throws IOException {
        CacheManager manager = manager();
        List<CacheDirectory> sorted = createFive(manager).stream()
                .sorted(Comparator.comparing(CacheDirectory::id))
                .toList();
        // its wipe has begun: it is still in its place, and nobody's any more
        Files.delete(references(sorted.get(0).id()).resolve(ownerOf(sorted.get(0))));
        Files.delete(references(sorted.get(0).id()));

        assertThat(ids(manager.list(null, 2)))
                .containsExactly(sorted.get(1).id(), sorted.get(2).id());
        try (LogWatch quiet = new LogWatch()) {
            sorted.get(0).close();
        }
    }

    private String ownerOf(CacheDirectory cache) throws IOException {
        try (Stream<java.nio.file.Path> names = Files.list(references(cache.id()))) {
            return names.findFirst().orElseThrow().getFileName().toString();
        }
    }

    @Test
    void aPageIsImmutable() {
        CacheManager manager = manager();
        manager.create();
        List<CacheDescription> page = manager.list(null, 10);

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(page::clear);
    }

    @Test
    void thePageSizeIsBounded() {
        CacheManager manager = manager();

        for (int limit : new int[] {0, -1, 1_001, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> manager.list(null, limit))
                    .withMessage("limit must be 1 to 1000, not " + limit);
        }
    }

    @Test
    void usageCountsTheFiles() throws IOException {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        Files.writeString(Files.createDirectory(cache.path().resolve("folder")).resolve("a.txt"), "text");

        assertThat(manager.usage(cache.id())).isEqualTo(new CacheUsage(1, 4));
    }

    @Test
    void whatIsNotThereHasNoUsage() {
        CacheManager manager = manager();

        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> manager.usage(CacheId.random(clock.instant())));
    }
}
