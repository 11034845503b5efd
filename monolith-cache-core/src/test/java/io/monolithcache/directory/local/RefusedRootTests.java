// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.owner.RootLocator.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which places may not be a root, and what comes close and may. */
class RefusedRootTests extends RootsInOneFolder {

    private static final int NOBODY = 65_534;

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
}
