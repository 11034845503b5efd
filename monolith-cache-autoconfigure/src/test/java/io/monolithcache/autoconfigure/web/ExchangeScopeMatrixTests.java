// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.autoconfigure.OwnReactorResources;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.error.ErrorAttributeOptions;
import org.springframework.boot.webflux.error.DefaultErrorAttributes;
import org.springframework.boot.webflux.error.ErrorAttributes;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The same promise on WebFlux and Reactor Netty. */
class ExchangeScopeMatrixTests {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(10);

    private static final List<String> KINDS = List.of("/mono", "/flux", "/events", "/file", "/range");

    @TempDir
    static Path root;

    private static ConfigurableApplicationContext application;

    private static HttpProbe probe;

    @BeforeAll
    static void start() {
        application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.REACTIVE)
                .run(
                        "--server.port=0",
                        "--server.shutdown=immediate",
                        "--spring.main.banner-mode=off",
                        "--spring.reactor.context-propagation=auto",
                        "--logging.level.root=off",
                        "--monolith.cache.local.path=" + root);
        probe = new HttpProbe(ServletServer.port(application));
    }

    @AfterAll
    static void stop() {
        application.close();
        assertThat(root.resolve("monolith-cache/caches")).isEmptyDirectory();
    }

    static Stream<Arguments> rows() {
        return KINDS.stream()
                .flatMap(kind -> Arrays.stream(Outcome.values())
                        .filter(outcome -> outcome != Outcome.BREAKS_OFF || isInPieces(kind))
                        .map(outcome -> Arguments.of(kind, outcome)));
    }

    private static boolean isInPieces(String kind) {
        return kind.equals("/flux") || kind.equals("/events");
    }

    /** 5 kinds × 6 outcomes, less 3 kinds that are one piece and cannot break off. */
    @Test
    void noRowIsMissing() {
        assertThat(rows()).hasSize(5 * 6 - 3);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rows")
    void theDirectoryIsThereUntilTheResponseIsComplete(String kind, Outcome outcome) throws Exception {
        String row = kind + " " + outcome;
        String path = kind + "?outcome=" + outcome;
        Witness.Seen seen = application.getBean(Witness.class).of(row);

        switch (outcome) {
            case COMPLETES -> assertComplete(kind, probe.get(path, row, headers(kind)));
            case FAILS -> assertError(500, seen, probe.get(path, row));
            case SENDS_ERROR -> assertError(409, seen, probe.get(path, row));
            case TIMES_OUT -> assertError(503, seen, probe.get(path, row));
            case BREAKS_OFF -> assertThat(probe.bytesBeforeTheEnd(path, row)).isLessThan(outcome.size());
            case LOSES_CLIENT -> probe.cut(path, row);
        }

        assertThat(seen.isUsed()).isTrue();
        await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(POLL).until(seen::isGone);
        assertThat(seen.writes).as("writes").hasPositiveValue();
        assertThat(seen.writesWithoutDirectory)
                .as("writes without the directory")
                .hasValue(0);
        assertThat(application.getBean(CacheManager.class).find(seen.id())).isEmpty();
    }

    private static String[] headers(String kind) {
        return kind.equals("/range") ? new String[] {"Range", "bytes=1000-49999"} : new String[0];
    }

    private static void assertComplete(String kind, HttpResponse<byte[]> answer) {
        byte[] content = Witness.Seen.content(Outcome.COMPLETES.size());
        switch (kind) {
            case "/range" -> assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(content, 1000, 50_000));
            case "/events" ->
                assertThat(new String(answer.body(), StandardCharsets.UTF_8)
                                .replace("data:", "")
                                .replace("\n", ""))
                        .hasSize(content.length);
            default -> assertThat(answer.body()).isEqualTo(content);
        }
    }

    private static void assertError(int status, Witness.Seen seen, HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"directory\":\"" + seen.id() + "\"");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({ExchangeKindsController.class, OwnReactorResources.class})
    static class Application {

        @Bean
        Witness witness() {
            return new Witness();
        }

        /** Looks at the directory whenever a piece of the response is written. */
        @Bean
        WebFilter witnessFilter(Witness witness) {
            return (exchange, chain) -> {
                String row = exchange.getRequest().getHeaders().getFirst(Witness.HEADER);
                return row == null
                        ? chain.filter(exchange)
                        : chain.filter(exchange.mutate()
                                .response(new WatchedResponse(exchange.getResponse(), witness.of(row)))
                                .build());
            };
        }

        /** The error page says which directory it sees. */
        @Bean
        ErrorAttributes errorAttributes(Witness witness, CacheScopes scopes) {
            return new DefaultErrorAttributes() {
                @Override
                public Map<String, Object> getErrorAttributes(ServerRequest request, ErrorAttributeOptions options) {
                    Map<String, Object> attributes = super.getErrorAttributes(request, options);
                    attributes.put("directory", scopes.directory().id().toString());
                    witness.of(request.headers().firstHeader(Witness.HEADER)).wrote();
                    return attributes;
                }
            };
        }
    }

    private static final class WatchedResponse extends ServerHttpResponseDecorator {

        private final Witness.Seen seen;

        WatchedResponse(ServerHttpResponse response, Witness.Seen seen) {
            super(response);
            this.seen = seen;
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return super.writeWith(Flux.from(body).doOnNext(buffer -> seen.wrote()))
                    .doOnSuccess(nothing -> seen.wrote());
        }

        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return super.writeAndFlushWith(
                            Flux.from(body).map(part -> Flux.from(part).doOnNext(buffer -> seen.wrote())))
                    .doOnSuccess(nothing -> seen.wrote());
        }
    }
}
