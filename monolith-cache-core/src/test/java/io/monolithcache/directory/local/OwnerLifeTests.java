// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.owner.RootLocator.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerLifeTests {

    @TempDir
    Path folder;

    private LocalRoot root(String name) {
        return new LocalRoot(Place.of(folder.resolve(name)), "file", OrphanPolicy.KEEP, false, path -> "ext4");
    }

    private static OwnerLife life(LocalRoot root, LocalRoot storage) {
        return new OwnerLife(root, new LocalDirectoryStorage(storage), new ReferenceFiles(root.layout()));
    }

    @Test
    void anOwnerComesToLifeOnceAndIsEndedForEver() {
        LocalRoot root = root("root");
        OwnerLife life = life(root, root);
        assertThat(life.name()).isNull();
        assertThat(folder).isEmptyDirectory();

        String name = life.owner().name();

        assertThat(life.owner().name()).isEqualTo(name).isEqualTo(life.name());
        assertThat(root.layout().owners().resolve(name)).isRegularFile();
        assertThat(root.layout().prepared().resolve(name)).isDirectory();

        life.close();
        life.close();

        assertThat(life.name()).isNull();
        assertThat(root.layout().owners()).isEmptyDirectory();
        assertThat(root.layout().prepared()).isEmptyDirectory();
        assertThatIllegalStateException().isThrownBy(life::owner).withMessageContaining("closed");
    }

    /** Nobody would ever take it for dead while this process lives. */
    @Test
    void anOwnerThatCannotWorkIsEndedAtOnceAndTheNextUseTriesAgain() throws IOException {
        LocalRoot root = root("root");
        LocalRoot missing = root("missing");
        OwnerLife life = life(root, missing);

        assertThatExceptionOfType(CacheBackendException.class)
                .isThrownBy(life::owner)
                .withMessageContaining(missing.layout().prepared().toString());
        assertThat(life.name()).isNull();
        assertThat(root.layout().owners()).isEmptyDirectory();

        Files.createDirectories(missing.layout().prepared());
        Files.createDirectories(missing.layout().caches());
        Files.createDirectories(missing.layout().trash());
        assertThat(life.owner().name()).isEqualTo(life.name());
        life.close();
    }
}
