// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.CacheManager;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Contexts of some auto-configurations, whose caches are in a folder of the test. */
public abstract class ContextsOnOneRoot {

    @TempDir
    protected Path root;

    /** Contexts with the manager, and with what these configure beside it. */
    protected final ApplicationContextRunner contextsWith(Class<?>... autoConfigurations) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        Stream.concat(Stream.of(MonolithCacheAutoConfiguration.class), Stream.of(autoConfigurations))
                                .toArray(Class<?>[]::new)))
                .withPropertyValues("monolith.cache.local.path=" + root);
    }

    /** One that the application makes itself. */
    protected final CacheManager managerOfTheApplication() {
        return CacheManager.builder().root(root).build();
    }
}
