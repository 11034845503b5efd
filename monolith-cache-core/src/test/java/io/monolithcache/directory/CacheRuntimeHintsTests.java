// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import io.monolithcache.directory.local.LocalBackendProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.core.io.support.SpringFactoriesLoader;

class CacheRuntimeHintsTests {

    private final RuntimeHints hints = new RuntimeHints();

    /** As ahead-of-time processing does. */
    @BeforeEach
    void register() {
        SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class)
                .stream()
                .filter(registrar -> registrar.getClass().getName().startsWith("io.monolithcache."))
                .forEach(registrar -> registrar.registerHints(hints, getClass().getClassLoader()));
    }

    @Test
    void theListOfStoragesIsKept() {
        assertThat(resource().forResource("META-INF/services/io.monolithcache.directory.DirectoryBackend$Provider"))
                .accepts(hints);
    }

    @Test
    void theScriptsOfTheRedisRegistryAreKept() {
        assertThat(resource().forResource("io/monolithcache/directory/redis/create.lua"))
                .accepts(hints);
    }

    @Test
    void everyStorageCanBeMade() {
        assertThat(reflection()
                        .onConstructorInvocation(LocalBackendProvider.class.getConstructors()[0]))
                .accepts(hints);
    }
}
