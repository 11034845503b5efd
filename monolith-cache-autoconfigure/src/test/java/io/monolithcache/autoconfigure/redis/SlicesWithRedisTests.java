// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheManager;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Slices have no connection of the application's own, and start all the same; what does not need Redis works. */
class SlicesWithRedisTests {

    @TempDir
    static Path root;

    @DynamicPropertySource
    static void root(DynamicPropertyRegistry properties) {
        properties.add("monolith.cache.local.path", root::toString);
        properties.add("monolith.cache.redis.enabled", () -> true);
    }

    @Nested
    @WebMvcTest
    class OfSpringMvc {

        @Test
        void starts(@Autowired CacheManager manager) {
            assertThat(manager.held()).isZero();
        }
    }

    @Nested
    @WebFluxTest
    class OfWebFlux {

        @Test
        void starts(@Autowired CacheManager manager) {
            assertThat(manager.held()).isZero();
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}
}
