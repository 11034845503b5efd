// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A controller takes a directory, and of several scopes none is primary. */
class SeveralScopesOnTheWebTests {

    private static final String TOLD = "there are several: [one, other]. Mark one of them @Primary";

    @TempDir
    Path root;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Controller.class)
    static class Application {

        @Bean
        CacheScopes one(CacheManager manager) {
            return new CacheScopes(manager);
        }

        @Bean
        CacheScopes other(CacheManager manager) {
            return new CacheScopes(manager);
        }
    }

    @RestController
    static class Controller {

        @GetMapping("/path")
        String path(CacheDirectory directory) {
            return directory.path().toString();
        }

        @ExceptionHandler
        String failed(IllegalStateException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    @Test
    void springMvcIsToldWhatIsMissing() {
        new WebApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("monolith.cache.local.path=" + root)
                .run(context -> assertThat(MockMvcBuilders.webAppContextSetup(context)
                                .build()
                                .perform(get("/path"))
                                .andReturn()
                                .getResponse()
                                .getContentAsString())
                        .contains(TOLD));
    }

    @Test
    void webFluxIsToldWhatIsMissing() {
        new ReactiveWebApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("monolith.cache.local.path=" + root)
                .run(context -> WebTestClient.bindToApplicationContext(context)
                        .build()
                        .get()
                        .uri("/path")
                        .exchangeSuccessfully()
                        .expectBody(String.class)
                        .value(answer -> assertThat(answer).contains(TOLD)));
    }
}
