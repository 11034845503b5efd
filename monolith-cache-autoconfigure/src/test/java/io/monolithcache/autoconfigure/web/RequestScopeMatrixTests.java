// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import jakarta.servlet.DispatcherType;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.error.ErrorAttributeOptions;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.error.DefaultErrorAttributes;
import org.springframework.boot.webmvc.error.ErrorAttributes;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.context.request.WebRequest;

/**
 * Response kind × outcome × server: the directory is there whenever a byte of the response is written, also of the
 * error page, which sees the same one; and it is gone within a second after the response is complete.
 */
class RequestScopeMatrixTests {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(10);

    @TempDir
    static Path root;

    private static final Map<ServletServer, ConfigurableApplicationContext> RUNNING =
            new EnumMap<>(ServletServer.class);

    @BeforeAll
    static void start() {
        for (ServletServer server : ServletServer.values()) {
            RUNNING.put(
                    server,
                    server.start(
                            Application.class,
                            root,
                            "logging.level.root=off",
                            // requests that Tomcat has forgotten would count as in flight
                            "server.shutdown=immediate"));
        }
    }

    @AfterAll
    static void stop() {
        RUNNING.values().forEach(ConfigurableApplicationContext::close);
        assertThat(root.resolve("monolith-cache/caches")).isEmptyDirectory();
    }

    static Stream<Arguments> rows() {
        return Arrays.stream(ServletServer.values())
                .flatMap(server -> Arrays.stream(ResponseKind.values())
                        .flatMap(kind -> kind.outcomes().stream().map(outcome -> Arguments.of(server, kind, outcome))));
    }

    /** 15 kinds × 6 outcomes × 2 servers, less 8 kinds that are one piece and 6 that no time limit ends. */
    @Test
    void noRowIsMissing() {
        assertThat(rows()).hasSize((15 * 6 - 8 - 6) * 2);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("rows")
    void theDirectoryIsThereUntilTheResponseIsComplete(ServletServer server, ResponseKind kind, Outcome outcome)
            throws Exception {
        String row = server + " " + kind + " " + outcome;
        ConfigurableApplicationContext application = RUNNING.get(server);
        String path = kind.path() + "?outcome=" + outcome + (outcome == Outcome.TIMES_OUT ? "&timeout=200" : "");
        Witness.Seen seen = application.getBean(Witness.class).of(row);
        HttpProbe probe = new HttpProbe(ServletServer.port(application));

        switch (outcome) {
            case COMPLETES -> assertComplete(kind, probe.get(path, row, headers(kind)));
            case FAILS -> assertError(500, seen, probe.get(path, row, headers(kind)));
            case SENDS_ERROR -> assertError(409, seen, probe.get(path, row, headers(kind)));
            case TIMES_OUT ->
                assertError(kind == ResponseKind.ASYNC_CONTEXT ? 500 : 503, seen, probe.get(path, row, headers(kind)));
            case BREAKS_OFF -> assertThat(probe.bytesBeforeTheEnd(path, row)).isLessThan(outcome.size());
            case LOSES_CLIENT -> probe.cut(path, row);
        }

        assertThat(seen.isUsed()).isTrue();
        if (outcome == Outcome.LOSES_CLIENT) {
            await().atMost(SOON.multipliedBy(10))
                    .pollDelay(POLL)
                    .pollInterval(POLL)
                    .until(() -> seen.isGone() || isGoneWithTheNextRequest(seen, probe));
        } else {
            await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(POLL).until(seen::isGone);
        }
        assertThat(seen.writes).as("writes").hasPositiveValue();
        assertThat(seen.writesWithoutDirectory)
                .as("writes without the directory")
                .hasValue(0);
        assertThat(application.getBean(CacheManager.class).find(seen.id())).isEmpty();
    }

    /** Tomcat may forget a request whose client it has lost, and tell nobody. */
    private static boolean isGoneWithTheNextRequest(Witness.Seen seen, HttpProbe probe) throws Exception {
        System.gc();
        probe.get("/nothing", "none");
        return seen.isGone();
    }

    private static void assertComplete(ResponseKind kind, HttpResponse<byte[]> answer) {
        byte[] content = Witness.Seen.content(Outcome.COMPLETES.size());
        switch (kind) {
            case RANGE -> {
                assertThat(answer.statusCode()).isEqualTo(206);
                assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(content, 1000, 50_000));
            }
            case SSE_EMITTER ->
                assertThat(new String(answer.body(), StandardCharsets.UTF_8)
                                .replace("data:", "")
                                .replace("\n", ""))
                        .hasSize(content.length);
            default -> {
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(content);
            }
        }
    }

    private static void assertError(int status, Witness.Seen seen, HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"directory\":\"" + seen.id() + "\"");
    }

    private static String[] headers(ResponseKind kind) {
        return kind == ResponseKind.RANGE ? new String[] {"Range", "bytes=1000-49999"} : new String[0];
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(ResponseKindsController.class)
    static class Application {

        @Bean
        Witness witness() {
            return new Witness();
        }

        @Bean
        FilterRegistrationBean<WitnessFilter> witnessFilter(Witness witness) {
            FilterRegistrationBean<WitnessFilter> filter = new FilterRegistrationBean<>(new WitnessFilter(witness));
            filter.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
            return filter;
        }

        /** The error page says which directory it sees. */
        @Bean
        ErrorAttributes errorAttributes(CacheScopes scopes) {
            return new DefaultErrorAttributes() {
                @Override
                public Map<String, Object> getErrorAttributes(WebRequest request, ErrorAttributeOptions options) {
                    Map<String, Object> attributes = super.getErrorAttributes(request, options);
                    attributes.put("directory", scopes.directory().id().toString());
                    return attributes;
                }
            };
        }
    }
}
