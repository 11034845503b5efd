// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.actuate.EndpointClient.Answer;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What the endpoint answers over HTTP, whichever web framework serves it: one running application, and its client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EndpointContract {

    static final String ABSENT = "01k8xq7d3v9m2c4n6p8r0s1t5w";

    private final WebApplicationType type;
    private final Class<?> application;
    private ConfigurableApplicationContext context;
    CacheManager manager;
    EndpointClient client;

    EndpointContract(WebApplicationType type, Class<?> application) {
        this.type = type;
        this.application = application;
    }

    @BeforeAll
    void start(@TempDir Path root) {
        context = run(root, "management.endpoint.cachedirectories.show-values=never");
        manager = context.getBean(CacheManager.class);
        client = client(context);
    }

    final ConfigurableApplicationContext run(Path root, String... properties) {
        return new SpringApplicationBuilder(application)
                .web(type)
                .run(Stream.concat(
                                Stream.of(
                                        "server.port=0",
                                        "spring.main.banner-mode=off",
                                        "spring.jackson.property-naming-strategy=SNAKE_CASE",
                                        "management.endpoints.web.exposure.include=cachedirectories",
                                        "monolith.cache.local.path=" + root,
                                        "monolith.cache.directories.sweep-interval=0"),
                                Stream.of(properties))
                        .map("--"::concat)
                        .toArray(String[]::new));
    }

    static EndpointClient client(ConfigurableApplicationContext context) {
        return new EndpointClient(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @AfterEach
    void evictAll() {
        manager.list(null, 1000).forEach(cache -> manager.evictForcibly(cache.id()));
    }

    @AfterAll
    void stop() {
        context.close();
    }

    final CacheId lockedAndUnused() {
        try (CacheDirectory directory = manager.create(CacheOptions.defaults().locked())) {
            return directory.id();
        }
    }

    static AbstractStringAssert<?> assertThatProblem(Answer answer, int status, String title) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.json().get("status").intValue()).isEqualTo(status);
        assertThat(answer.json().get("title").stringValue()).isEqualTo(title);
        return assertThat(answer.json().get("detail").stringValue());
    }
}
