// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Creating, attaching, and wiping with the last handle. */
class CacheManagerTests extends ManagersOnOneRoot {

    @Test
    void whatIsCreatedIsAnEmptyDirectoryInTheRoot() {
        CacheDirectory cache = manager().create();

        assertThat(cache.path()).isEqualTo(cache(cache.id())).isDirectoryContaining("glob:**/meta.json");
        try (var names = cache.resources()) {
            assertThat(names).isEmpty();
        }
    }

    @Test
    void anIdHasTheTimeOfItsCreation() {
        assertThat(manager().create().id().time()).isEqualTo(Instant.parse("2026-11-20T12:00:00Z"));
    }

    @Test
    void eachCacheHasADirectoryOfItsOwn() {
        CacheManager manager = manager();

        assertThat(manager.create().path()).isNotEqualTo(manager.create().path());
    }

    @Test
    void theStorageMayBeNamed() {
        assertThat(manager().create(CacheOptions.defaults().storage("local")).path())
                .isDirectory();
    }

    @Test
    void anotherStorageThanTheManagersIsRefused() {
        CacheManager manager = manager();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.create(CacheOptions.defaults().storage("s3")))
                .withMessageContaining("'local'")
                .withMessageContaining("'s3'");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void attachesById() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();

        CacheDirectory again = manager.attach(cache.id());

        assertThat(again.id()).isEqualTo(cache.id());
        assertThat(again.path()).isEqualTo(cache.path());
    }

    @Test
    void attachesByLocation() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();

        assertThat(cache.location()).hasScheme("file");
        assertThat(manager.attach(cache.location()).id()).isEqualTo(cache.id());
    }

    @Test
    void attachesByPath() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();

        assertThat(manager.attach(cache.path()).id()).isEqualTo(cache.id());
    }

    @Test
    void attachesByAPathThroughALinkToTheRoot() throws IOException {
        Path real = Files.createDirectory(root.resolve("real"));
        Path link = Files.createSymbolicLink(root.resolve("link"), real);
        CacheManager manager = manager(settings -> settings.root(link));
        CacheDirectory cache = manager.create();

        Path throughTheLink =
                link.resolve("monolith-cache/caches").resolve(cache.id().value());

        assertThat(manager.attach(throughTheLink).id()).isEqualTo(cache.id());
        assertThat(manager.attach(cache.path()).id()).isEqualTo(cache.id());
    }

    @Test
    void whatNeverWasCannotBeAttached() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        CacheId unknown = CacheId.random(clock.instant());

        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> manager.attach(unknown))
                .withMessageContaining(unknown.value());
        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> manager.attach(cache.path().resolveSibling(unknown.value())));
    }

    @Test
    void whatWasWipedCannotBeAttached() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        cache.close();

        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.attach(cache.id()));
        assertThatExceptionOfType(CacheNotFoundException.class).isThrownBy(() -> manager.attach(cache.location()));
    }

    @Test
    void locationsOutsideOfTheRootAreRefused() throws IOException {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        Path twin = Files.createDirectories(
                root.resolve("elsewhere").resolve(cache.id().value()));

        for (URI wrong : List.of(
                twin.toUri(),
                URI.create("s3://bucket/caches/" + cache.id()),
                URI.create("https://example.org/" + cache.id()),
                cache.path().getParent().toUri(),
                cache.path().resolve("meta.json").toUri(),
                cache.path()
                        .resolve("..")
                        .resolve("..")
                        .resolve(cache.id().value())
                        .toUri(),
                URI.create(cache.id().value()))) {
            assertThatIllegalArgumentException().as(wrong.toString()).isThrownBy(() -> manager.attach(wrong));
        }
    }

    @Test
    void pathsOutsideOfTheRootAreRefused() throws IOException {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();
        CacheManager onAnotherRoot = manager(settings -> settings.root(root.resolve("another")));
        CacheDirectory foreign = onAnotherRoot.create();

        for (Path wrong : List.of(
                root,
                Path.of("/"),
                foreign.path(),
                cache.path().resolve("below"),
                Path.of(cache.id().value()))) {
            assertThatIllegalArgumentException()
                    .as(wrong.toString())
                    .isThrownBy(() -> manager.attach(wrong))
                    .withMessageContaining(base().resolve("caches").toString());
        }
    }

    @Test
    void theLastHandleWipes() {
        CacheManager manager = manager();
        CacheDirectory first = manager.create();
        CacheDirectory second = manager.attach(first.id());
        CacheDirectory third = manager.attach(first.id());

        first.close();
        third.close();
        assertThat(cache(first.id())).exists();
        assertThat(second.exists("a.txt")).isFalse();

        second.close();
        assertThat(cache(first.id())).doesNotExist();
        assertThat(references(first.id())).doesNotExist();
        assertThat(manager.find(first.id())).isEmpty();
    }

    @Test
    void theLastManagerWipes() {
        CacheManager one = manager();
        CacheManager other = manager();
        CacheDirectory cache = one.create();
        CacheDirectory theirs = other.attach(cache.id());

        cache.close();
        assertThat(theirs.path()).exists();

        theirs.close();
        assertThat(cache(cache.id())).doesNotExist();
    }

    @Test
    void whatWasClosedByTheLastHandleCanBeHeldAgainWhileAnotherManagerHoldsIt() {
        CacheManager one = manager();
        CacheManager other = manager();
        CacheDirectory theirs = other.create();

        one.attach(theirs.id()).close();
        CacheDirectory again = one.attach(theirs.id());

        assertThat(again.isLocked()).isFalse();
        assertThat(one.find(theirs.id()).orElseThrow().references()).isEqualTo(2);
    }

    @Test
    void filesOfOneHandleAreThoseOfEveryOther() throws IOException {
        CacheManager one = manager();
        CacheDirectory cache = one.create();
        Files.writeString(cache.path().resolve("a.txt"), "text");

        assertThat(one.attach(cache.id()).exists("a.txt")).isTrue();
        assertThat(manager().attach(cache.id()).exists("a.txt")).isTrue();
    }

    @Test
    void buildingWritesNothingAndStartsNoThread() {
        Set<Thread> before = threads();

        CacheManager manager = manager(settings -> settings.sweepInterval(java.time.Duration.ofMillis(1)));

        assertThat(root).isEmptyDirectory();
        assertThat(threads()).isEqualTo(before);
        assertThat(manager).isNotNull();
    }

    @Test
    void lookingWritesNothingAndStartsNoThread() {
        Set<Thread> before = threads();
        CacheManager manager = manager(settings -> settings.sweepInterval(java.time.Duration.ofMillis(1)));

        assertThat(manager.find(CacheId.random(clock.instant()))).isEmpty();
        assertThat(manager.list(null, 10)).isEmpty();
        try (var all = manager.list()) {
            assertThat(all).isEmpty();
        }
        assertThat(manager.sweep().directories()).isZero();
        manager.close();

        assertThat(root).isEmptyDirectory();
        assertThat(threads()).isEqualTo(before);
    }

    private static Set<Thread> threads() {
        Set<Thread> ours = new HashSet<>(Thread.getAllStackTraces().keySet());
        ours.removeIf(thread -> !thread.getName().startsWith("monolith-cache"));
        return ours;
    }

    @Test
    void attachingToWhatThisManagerHoldsAsksNobody() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();

        disconnected(() -> {
            CacheDirectory again = manager.attach(cache.id());
            again.close();
        });

        assertThat(cache.isLocked()).isFalse();
    }
}
