// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.LogWatch;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.directory.local.RootLocator.Place;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a place may be used, and what is made in it; what becomes of orphans is tested elsewhere. */
class LocalRootTests {

    private static final int NOBODY = 65_534;

    @TempDir
    Path folder;

    private LocalRoot root() {
        return root(folder);
    }

    private LocalRoot root(Path place) {
        return new LocalRoot(Place.of(place), "file", OrphanPolicy.KEEP, false, path -> "ext4");
    }

    private LocalRoot on(String fileSystem, boolean allowed) {
        return new LocalRoot(Place.of(folder), "file", OrphanPolicy.KEEP, allowed, path -> fileSystem);
    }

    private Path base() {
        return folder.resolve("monolith-cache");
    }

    private Path format() {
        return base().resolve(".monolith/format");
    }

    private static void assertRefuses(LocalRoot root, String description, String action) {
        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(root::look)
                .satisfies(refused -> {
                    assertThat(refused.description()).contains(description).endsWith(".");
                    assertThat(refused.action()).contains(action).endsWith(".");
                });
    }

    // What is made

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

    // What is refused

    @Test
    void aFileIsNoRoot() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertRefuses(root(file), file + " is a file", "monolith.cache.local.path");
    }

    @Test
    void aFileInThePlaceOfTheFolderIsRefused() throws IOException {
        Files.createFile(base());

        assertRefuses(root(), base() + " is a link or a file", "Remove it");
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(root()::open);
    }

    @Test
    void aLinkInThePlaceOfTheFolderIsRefused() throws IOException {
        Files.createSymbolicLink(base(), Files.createDirectory(folder.resolve("elsewhere")));

        assertRefuses(root(), base() + " is a link or a file", "Remove it");
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(root()::open);
        assertThat(folder.resolve("elsewhere")).isEmptyDirectory();
    }

    @Test
    void aDanglingLinkInThePlaceOfTheFolderIsRefused() throws IOException {
        Files.createSymbolicLink(base(), folder.resolve("missing"));

        assertRefuses(root(), base() + " is a link or a file", "Remove it");
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(root()::open);
        assertThat(folder.resolve("missing")).doesNotExist();
    }

    @Test
    void aRootBelowALinkToNothingIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("missing"));

        assertRefuses(root(link.resolve("sub/root")), link + " is a link to nothing", "monolith.cache.local.path");
    }

    @Test
    void aFolderAboveTheRootThatHasToBeOursIsMadePrivate() throws IOException {
        Path own = folder.resolve("own");
        rootBelow(own).open();

        assertThat(Files.getPosixFilePermissions(own)).isEqualTo(Permissions.OWNER_ALL);
        rootBelow(own).look();
        rootBelow(own).open();
    }

    @Test
    void aFolderAboveTheRootThatOthersMayChangeIsRefused() throws IOException {
        Path own = Files.createDirectory(folder.resolve("own"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwx---"));

        assertRefuses(rootBelow(own), own + " may be changed by other users", "monolith.cache.local.path");
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(rootBelow(own)::open);
    }

    @Test
    void aLinkInPlaceOfTheFolderAboveTheRootIsRefused() throws IOException {
        Path own = Files.createSymbolicLink(folder.resolve("own"), Files.createDirectory(folder.resolve("elsewhere")));

        assertRefuses(rootBelow(own), own + " is a link or a file", "Remove it");
    }

    private static LocalRoot rootBelow(Path own) {
        return new LocalRoot(new Place(own.resolve("app"), own), "file", OrphanPolicy.KEEP, false, path -> "ext4");
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws IOException {
        Files.createDirectory(base());
        assumeTrue(giveAway(base()), "only root can give a folder to another user");

        assertRefuses(root(), base() + " belongs to another user", "monolith.cache.local.path");
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(root()::open);
    }

    @Test
    void aRootOfAnotherUserIsFineIfTheFolderIsOurs() throws IOException {
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        assumeTrue(giveAway(mounted), "only root can give a folder to another user");

        root(mounted).open();

        assertThat(mounted.resolve("monolith-cache/caches")).isDirectory();
    }

    private static boolean giveAway(Path path) {
        try {
            Files.setAttribute(path, "unix:uid", NOBODY);
            return true;
        } catch (IOException notRoot) {
            return false;
        }
    }

    @Test
    void whatCannotBeWrittenIsRefusedAtTheStart() throws IOException {
        Path readOnly = Files.createDirectory(folder.resolve("read-only"));
        Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeTrue(!Files.isWritable(readOnly), "root may write everywhere");

        assertRefuses(root(readOnly.resolve("new")), "cannot be written", "Give this user the right");
    }

    @Test
    void aFormatOfALaterVersionIsRefused() throws IOException {
        root().open();
        Files.writeString(format(), "version=2\nroot=x\nregistry=file\n");

        assertRefuses(root(), "has the format '2'", "Use the version that wrote it");
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(root()::open);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no format at all", "version=", "version=1.0"})
    void aFormatThatIsNotUnderstoodIsRefused(String text) throws IOException {
        root().open();
        Files.writeString(format(), text);

        assertRefuses(root(), "has the format", "monolith.cache.local.path");
    }

    @Test
    void aFormatMayTellMoreThanWeKnow() throws IOException {
        LocalRoot root = root();
        root.open();
        Files.writeString(format(), Files.readString(format()) + "# comment\nmore=that\n");

        assertThat(root().look()).isTrue();
        assertThat(root.isIntact()).isTrue();
    }

    @Test
    void aRootOfAnotherRegistryIsRefused() {
        new LocalRoot(Place.of(folder), "redis", OrphanPolicy.KEEP, false, path -> "ext4").open();

        assertRefuses(root(), "is kept by the registry 'redis'", "monolith.cache.registry=redis");
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(root()::open);
    }

    @Test
    void aRootThatAnotherRegistryTookMeanwhileIsRefusedWhenItIsOpened() {
        LocalRoot root = root();
        root.look();
        new LocalRoot(Place.of(folder), "redis", OrphanPolicy.KEEP, false, path -> "ext4").open();

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(root::open)
                .withMessageContaining("'redis'");
    }

    // Network file systems

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "NFS4", "lustre", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.s3fs"})
    void aNetworkFileSystemIsRefused(String type) {
        assertRefuses(on(type, false), "network file system (" + type + ")", "allow-network-file-system=true");
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(on(type, false)::open);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "NTFS", "fuseblk"})
    void aLocalFileSystemIsFine(String type) {
        try (LogWatch log = new LogWatch()) {
            on(type, false).look();
            on(type, false).open();
            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    void aNetworkFileSystemThatIsTrustedIsUsedWithOneWarning() {
        LocalRoot root = on("nfs4", true);

        try (LogWatch log = new LogWatch()) {
            root.look();
            root.open();
            assertThat(log.warnings()).singleElement().asString().contains("nfs4", "trusted");
        }

        assertThat(base()).isDirectory();
    }

    @Test
    void theNearestFolderThatExistsIsAsked() {
        new LocalRoot(Place.of(folder.resolve("a/b")), "file", OrphanPolicy.KEEP, false, path -> {
                    assertThat(path).isEqualTo(folder.toAbsolutePath());
                    return "ext4";
                })
                .look();
    }

    @Test
    void theSystemTellsAType() throws IOException {
        assertThat(FileSystems.ofTheSystem(folder)).isNotBlank();
    }

    // Whether it is still what it was

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
