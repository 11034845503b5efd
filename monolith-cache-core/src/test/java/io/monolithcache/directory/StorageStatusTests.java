// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

/** What a manager tells of itself and of its storage, without touching a cache. */
class StorageStatusTests extends ManagersOnOneRoot {

    @Test
    void beforeTheFirstUseItTellsWhatWouldBeUsedAndMakesNothing() throws IOException {
        CacheManager manager = manager(settings -> settings.root(root.resolve("not/there")));

        StorageStatus status = manager.status();

        assertThat(status.storage()).isEqualTo("local");
        assertThat(status.inUse()).isFalse();
        assertThat(status.location()).hasToString(root.toRealPath().toUri() + "not/there/monolith-cache/caches/");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void inUseItTellsWhereTheCachesAre() {
        CacheManager manager = manager();
        CacheDirectory cache = manager.create();

        StorageStatus status = manager.status();

        assertThat(status.inUse()).isTrue();
        assertThat(cache.location().toString()).startsWith(status.location().toString());
    }

    @Test
    void itTellsTheSpaceOfTheDisk() throws IOException {
        StorageStatus status = manager().status();

        assertThat(status.totalSpace()).isEqualTo(Files.getFileStore(root).getTotalSpace());
        assertThat(status.freeSpace()).isBetween(1L, status.totalSpace());
    }

    @Test
    void theRegistryOfFilesAsksNobody() {
        assertThat(manager().registryStatus()).isEqualTo(new RegistryStatus("file", null, null, null));
    }

    @Test
    void aClosedManagerTellsNothingOfItsRegistry() {
        CacheManager manager = manager();
        manager.close();

        assertThatIllegalStateException().isThrownBy(manager::registryStatus);
    }

    @Test
    void aLookWipesNothing() throws IOException {
        CacheId left = createByTheDead();
        CacheManager manager = manager();
        manager.create().close();
        Files.createDirectory(trash().resolve("old"));

        manager.status();

        assertThat(cache(left)).exists();
        assertThat(trash().resolve("old")).exists();
    }

    @Test
    void aRootThatWasRemovedWhileItWasUsedIsTold() throws IOException {
        CacheManager manager = manager();
        manager.create();
        // not deleted: the first manager still prepares directories in it
        Files.move(base(), root.resolve("aside"));

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(manager::status)
                .withMessageContaining("removed or replaced")
                .withMessageContaining("Restart the application");
    }

    @Test
    void aRootThatWasReplacedWhileItWasUsedIsTold() throws IOException {
        CacheManager manager = manager();
        manager.create();
        Files.move(base(), root.resolve("aside"));
        manager().create();

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(manager::status)
                .withMessageContaining("removed or replaced");
    }

    @Test
    void aRootThatWasRemovedAndPutBackIsAsBefore() throws IOException {
        CacheManager manager = manager();
        manager.create();
        Files.move(base(), root.resolve("aside"));
        Files.move(root.resolve("aside"), base(), StandardCopyOption.ATOMIC_MOVE);

        assertThat(manager.status().inUse()).isTrue();
    }

    @Test
    void aRootThatWasRemovedBeforeItWasUsedIsMadeAgain() throws IOException {
        manager().create();
        CacheManager unused = manager();
        // not deleted: the first manager still prepares directories in it
        Files.move(base(), root.resolve("aside"));

        assertThat(unused.status().inUse()).isFalse();
        unused.create();
        assertThat(unused.status().inUse()).isTrue();
    }

    @Test
    void aRootThatCannotBeMadeIsTold() throws IOException {
        Path place = root.resolve("place");
        CacheManager manager = manager(settings -> settings.root(place));
        Files.createFile(place);

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(manager::status)
                .withMessageContaining("is a file, not a folder");
    }

    @Test
    void aRootThatAnotherRegistryHasTakenIsTold() throws IOException {
        CacheManager manager = manager();
        Files.createDirectories(base().resolve(".monolith"));
        Files.writeString(base().resolve(".monolith/format"), "version=1\nroot=r\nregistry=redis\n");

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(manager::status)
                .withMessageContaining("is kept by the registry 'redis'");
    }

    @Test
    void orphansThatKeepCachesFromBeingCreatedAreTold() throws IOException {
        CacheManager manager = manager();
        Files.createDirectories(cache(CacheId.random(clock.instant())));

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(manager::status)
                .withMessageContaining("monolith.cache.local.orphans");
    }

    @Test
    void aClosedManagerHasNoStatus() {
        CacheManager manager = manager();
        manager.close();

        assertThatIllegalStateException().isThrownBy(manager::status);
    }

    @Test
    void aManagerCountsTheCachesThatItReferencesNotTheHandles() {
        CacheManager manager = manager();
        CacheDirectory first = manager.create();
        CacheDirectory second = manager.attach(first.id());
        CacheDirectory other = manager.create();
        assertThat(manager.held()).isEqualTo(2);

        first.close();
        assertThat(manager.held()).isEqualTo(2);

        second.close();
        assertThat(manager.held()).isEqualTo(1);

        other.lock();
        other.close();
        assertThat(manager.held()).isZero();
    }

    @Test
    void whatAManagerDidNotReferenceAnyMoreItDoesNotCount() {
        CacheManager manager = manager();
        manager.create();
        manager.close();

        assertThat(manager.held()).isZero();
    }
}
