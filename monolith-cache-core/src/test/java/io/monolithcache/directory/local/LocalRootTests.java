// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.LogWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is made in a root, and whether it still is what it was; what becomes of orphans is tested elsewhere. */
class LocalRootTests extends RootsInOneFolder {

    @Test
    void lookingWritesNothing() {
        assertThat(root().look()).isFalse();
        assertThat(root(folder.resolve("a/b")).look()).isFalse();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void openingMakesTheFolder() throws IOException {
        LocalRoot root = root();

        root.open();

        try (Stream<Path> all = Files.walk(base())) {
            assertThat(all.map(base()::relativize).map(Path::toString))
                    .containsExactlyInAnyOrder(
                            "",
                            "CACHEDIR.TAG",
                            "caches",
                            ".monolith",
                            ".monolith/format",
                            ".monolith/starting",
                            ".monolith/owners",
                            ".monolith/refs",
                            ".monolith/prepared",
                            ".monolith/metadata",
                            ".monolith/trash");
        }
        assertThat(root().look()).isTrue();
    }

    @Test
    void theFormatTellsVersionRootAndRegistry() {
        LocalRoot root = root();

        root.open();

        assertThat(format()).hasContent("version=1\nroot=" + root.id() + "\nregistry=file");
    }

    @Test
    void theTagIsThatOfTheSpecification() throws IOException {
        root().open();

        assertThat(Files.readString(base().resolve("CACHEDIR.TAG")))
                .startsWith("Signature: 8a477f597d28d172789f06886806bc55\n# ");
    }

    @Test
    void onlyTheOwnerMayEnter() throws IOException {
        root().open();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(base())))
                .isEqualTo("rwx------");
    }

    @Test
    void aFolderThatOthersMayEnterIsShutToThem() throws IOException {
        Files.createDirectory(base());
        Files.setPosixFilePermissions(base(), PosixFilePermissions.fromString("rwxrwxrwx"));

        root().open();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(base())))
                .isEqualTo("rwx------");
    }

    @Test
    void openingAgainChangesNothing() {
        LocalRoot first = root();
        first.open();
        LocalRoot second = root();

        second.open();
        first.open();

        assertThat(second.id()).isEqualTo(first.id());
    }

    @Test
    void openingByManyAtOnceMakesOneRoot() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<String>> ids = threads.invokeAll(List.of(this::open, this::open, this::open, this::open));
            assertThat(Stream.of(
                                    ids.get(0).get(),
                                    ids.get(1).get(),
                                    ids.get(2).get(),
                                    ids.get(3).get())
                            .distinct())
                    .hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    private String open() {
        LocalRoot root = root();
        root.open();
        return root.id();
    }

    @Test
    void aRootThatWasNotOpenedHasNoId() {
        assertThatIllegalStateException().isThrownBy(root()::id).withMessageContaining(folder.toString());
    }

    @Test
    void aLinkToARootIsFollowedOnce() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        LocalRoot root = root(link.resolve("not/yet"));

        root.open();

        assertThat(root.layout().base()).isEqualTo(real.toRealPath().resolve("not/yet/monolith-cache"));
        assertThat(real.resolve("not/yet/monolith-cache/caches")).isDirectory();
    }

    @Test
    void aRelativeRootIsMadeAbsolute() {
        assertThat(root(Path.of("some/../where")).layout().base())
                .isEqualTo(Path.of("").toAbsolutePath().resolve("where/monolith-cache"));
    }

    @Test
    void aRootIsIntactUntilSomebodyChangesIt() throws IOException {
        LocalRoot root = root();
        assertThat(root.isIntact()).isFalse();
        root.open();
        assertThat(root.isIntact()).isTrue();

        Path away = base().resolve("away");
        try (LogWatch log = new LogWatch()) {
            for (String part : List.of("format", "owners", "refs", "trash")) {
                Path place = base().resolve(".monolith").resolve(part);
                Files.move(place, away);
                assertThat(root.isIntact()).as("without " + part).isFalse();
                Files.move(away, place);
                assertThat(root.isIntact()).isTrue();
            }
            assertThat(log.warnings()).hasSize(4).allMatch(warning -> warning.contains("nothing is swept"));
        }
    }

    @Test
    void aRootThatWasMadeAgainIsAnother() throws IOException {
        LocalRoot root = root();
        root.open();
        Files.move(base(), folder.resolve("away"));
        root().open();

        try (LogWatch log = new LogWatch()) {
            assertThat(root.isIntact()).isFalse();
            assertThat(root.isIntact()).isFalse();
            assertThat(log.warnings()).hasSize(1);
        }
    }

    /** Whoever of them still works here finds that its file is gone, and creates nothing beside a new registry. */
    @Test
    void ownersWhoseReferencesAreMissingAreMovedAway() throws IOException {
        root().open();
        Path owner = Files.createFile(base().resolve(".monolith/owners/1-1-0123456789abcdef"));
        Files.delete(base().resolve(".monolith/refs"));

        root().open();

        assertThat(owner).doesNotExist();
        assertThat(owner.getParent()).isEmptyDirectory();
        assertThat(base().resolve(".monolith/refs")).isEmptyDirectory();
        assertThat(root().look()).isTrue();
    }

    @Test
    void cachesWithoutTheirRegistryAreReportedAndNothingIsCreatedBesideThem() throws IOException {
        root().open();
        Path cache = Files.createDirectory(base().resolve("caches/01arz3ndektsv4rrffq69g5fav"));
        Files.delete(format());

        try (LogWatch log = new LogWatch()) {
            assertThat(root().look()).isFalse();
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(format().toString(), "monolith.cache.local.orphans");
        }
        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(root()::open)
                .withMessageContaining("monolith.cache.local.orphans");
        assertThat(cache).exists();
        assertThat(format()).doesNotExist();
    }
}
