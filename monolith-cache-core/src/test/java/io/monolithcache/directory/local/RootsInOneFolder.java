// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.owner.RootLocator.Place;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Roots on a local disk in a folder of the test. */
abstract class RootsInOneFolder {

    @TempDir
    Path folder;

    final LocalRoot root() {
        return root(folder);
    }

    final LocalRoot root(Path place) {
        return new LocalRoot(Place.of(place), "file", OrphanPolicy.KEEP, false, path -> "ext4");
    }

    final Path base() {
        return folder.resolve("monolith-cache");
    }

    final Path format() {
        return base().resolve(".monolith/format");
    }

    static void assertRefuses(LocalRoot root, String description, String action) {
        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(root::look)
                .satisfies(refused -> {
                    assertThat(refused.description()).contains(description).endsWith(".");
                    assertThat(refused.action()).contains(action).endsWith(".");
                });
    }
}
