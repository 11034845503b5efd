// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A slice has the argument. */
@WebFluxTest(WebFluxSliceTests.Reports.class)
class WebFluxSliceTests {

    @TempDir
    static Path root;

    @Autowired
    private WebTestClient client;

    @Autowired
    private Reports reports;

    @DynamicPropertySource
    static void root(DynamicPropertyRegistry properties) {
        properties.add("monolith.cache.local.path", root::toString);
    }

    @Test
    void anExchangeIsAScope() {
        client.get()
                .uri("/report")
                .exchangeSuccessfully()
                .expectBody(String.class)
                .isEqualTo("abc");

        await().until(() -> Files.notExists(reports.path));
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Reports.class)
    static class Application {}

    @RestController
    static class Reports {

        volatile Path path;

        @GetMapping("/report")
        Mono<String> report(CacheDirectory directory) {
            return Mono.fromCallable(() -> {
                path = directory.path();
                return Files.readString(Files.writeString(path.resolve("text"), "abc"));
            });
        }
    }
}
