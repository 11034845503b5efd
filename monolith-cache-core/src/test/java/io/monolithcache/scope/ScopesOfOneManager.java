// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheManager;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Scopes with a real manager, and two threads that see nothing of their own. */
abstract class ScopesOfOneManager {

    @TempDir
    Path root;

    CacheManager manager;
    CacheScopes scopes;

    final ExecutorService others = Executors.newFixedThreadPool(2);

    @BeforeEach
    final void openManager() {
        manager = CacheManager.builder().root(root).build();
        scopes = new CacheScopes(manager);
    }

    @AfterEach
    final void closeManager() {
        others.shutdownNow();
        assertThat(VisibleScopes.top())
                .as("what the thread of the test still sees")
                .isNull();
        manager.close();
    }

    /** The path of the innermost scope's directory, which is made by asking. */
    final Path here() {
        return scopes.directory().path();
    }

    /** How many directories there are. */
    final int directories() {
        return manager.list(null, 1000).size();
    }
}
