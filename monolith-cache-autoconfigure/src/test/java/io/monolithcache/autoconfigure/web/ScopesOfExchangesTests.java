// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.scope.InCacheScope;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Schedulers;

/** What an exchange's handler calls works in the exchange's scope, on Reactor Netty. */
class ScopesOfExchangesTests {

    @TempDir
    Path root;

    /** It is the JVM's: whoever wants it turns it on when its application starts. */
    @AfterEach
    void forgetPropagation() {
        Hooks.disableAutomaticContextPropagation();
    }

    /** What the handler answers: the exchange's id, and the one that was seen elsewhere. */
    private record Answer(String exchange, String seen) {}

    private ConfigurableApplicationContext start(String propagation) {
        Hooks.disableAutomaticContextPropagation();
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.REACTIVE)
                .run(
                        "--server.port=0",
                        "--server.shutdown=immediate",
                        "--spring.main.banner-mode=off",
                        "--spring.reactor.context-propagation=" + propagation,
                        "--logging.level.root=off",
                        // else a sweep may be the one that wipes what is being closed
                        "--monolith.cache.directories.sweep-interval=0",
                        "--monolith.cache.local.path=" + root);
    }

    private Answer get(ConfigurableApplicationContext application, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + ServletServer.port(application) + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String[] ids = answer.body().split(" ", 2);
        // everything is wiped, and by no thread that serves others
        await().until(() -> root.resolve("monolith-cache/caches").toFile().list().length == 0);
        Map<CacheId, Thread> wipes = application.getBean(Wipes.class).threads;
        await().untilAsserted(() -> assertThat(wipes).containsKey(CacheId.of(ids[0])));
        assertThat(wipes.values())
                .allSatisfy(thread -> assertThat(thread)
                        .isNotInstanceOf(NonBlocking.class)
                        .extracting(Thread::getName)
                        .asString()
                        .startsWith("boundedElastic"));
        return new Answer(ids[0], ids[1]);
    }

    @Test
    void withPropagationEverythingIsInTheScopeOfTheExchange() throws Exception {
        try (ConfigurableApplicationContext application = start("auto")) {
            for (String path : new String[] {"/publisher", "/value", "/chain", "/body"}) {
                Answer answer = get(application, path);
                assertThat(answer.seen()).as(path).isEqualTo(answer.exchange());
            }
        }
    }

    @Test
    void withoutPropagationAMethodThatReturnsAPublisherJoinsTheExchange() throws Exception {
        try (ConfigurableApplicationContext application = start("limited")) {
            Answer answer = get(application, "/publisher");
            assertThat(answer.seen()).isEqualTo(answer.exchange());
        }
    }

    @Test
    void withoutPropagationAMethodThatReturnsAValueHasAScopeOfItsOwn() throws Exception {
        try (ConfigurableApplicationContext application = start("limited")) {
            Answer answer = get(application, "/value");
            assertThat(CacheId.of(answer.seen())).isNotEqualTo(CacheId.of(answer.exchange()));
        }
    }

    @Test
    void withoutPropagationTheInjectedDirectorySaysThatNoScopeIsOpen() throws Exception {
        try (ConfigurableApplicationContext application = start("limited")) {
            assertThat(get(application, "/chain").seen()).startsWith("No cache scope is open");
            assertThat(get(application, "/body").seen()).startsWith("No cache scope is open");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Handlers.class, Service.class, Wipes.class})
    static class Application {

        /** With the global ones, the end of one application is the end of every server in the process. */
        @Bean
        ReactorResourceFactory reactorResourceFactory() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            resources.setShutdownQuietPeriod(Duration.ZERO);
            return resources;
        }
    }

    static class Wipes implements CacheListener {

        final Map<CacheId, Thread> threads = new ConcurrentHashMap<>();

        @Override
        public void wiped(CacheId id, URI location) {
            threads.put(id, Thread.currentThread());
        }
    }

    static class Service {

        private final CacheDirectory directory;

        Service(CacheDirectory directory) {
            this.directory = directory;
        }

        @InCacheScope
        Mono<String> publisher() {
            return Mono.just(directory.id().toString());
        }

        @InCacheScope
        String value() {
            return directory.id().toString();
        }
    }

    @RestController
    static class Handlers {

        private final Service service;
        private final CacheDirectory injected;

        Handlers(Service service, CacheDirectory monolithCacheScopeDirectory) {
            this.service = service;
            this.injected = monolithCacheScopeDirectory;
        }

        @GetMapping("/publisher")
        Mono<String> publisher(CacheDirectory directory) {
            return service.publisher().map(id -> directory.id() + " " + id);
        }

        @GetMapping("/value")
        Mono<String> value(CacheDirectory directory) {
            return elsewhere(directory, Mono.fromCallable(service::value));
        }

        @GetMapping("/chain")
        Mono<String> chain(CacheDirectory directory) {
            return elsewhere(directory, Mono.fromCallable(() -> injected.id().toString()));
        }

        @GetMapping("/body")
        Mono<String> body(CacheDirectory directory) {
            try {
                return Mono.just(directory.id() + " " + injected.id());
            } catch (IllegalStateException none) {
                return Mono.just(directory.id() + " " + none.getMessage());
            }
        }

        /** After a change of threads. */
        private static Mono<String> elsewhere(CacheDirectory directory, Mono<String> seen) {
            return Mono.delay(Duration.ofMillis(1))
                    .publishOn(Schedulers.boundedElastic())
                    .flatMap(tick -> seen.onErrorResume(
                            IllegalStateException.class, none -> Mono.just(String.valueOf(none.getMessage()))))
                    .map(id -> directory.id() + " " + id);
        }
    }
}
