// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.monolithcache.directory.CacheManager;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** What {@code docs/observability.md} says is what Prometheus and a health check read over HTTP. */
class ObservabilityPageTests {

    @TempDir
    static Path root;

    private static String page;
    private static ConfigurableApplicationContext context;

    @BeforeAll
    static void start() throws IOException {
        page = Files.readString(Path.of(System.getProperty("basedir", "."), "../docs/observability.md"));
        context = new SpringApplicationBuilder(EndpointOnSpringMvcTests.Application.class)
                .web(WebApplicationType.SERVLET)
                .run(
                        "--server.port=0",
                        "--management.endpoints.web.exposure.include=health,prometheus",
                        "--management.endpoint.health.show-details=always",
                        "--monolith.cache.directories.sweep-interval=0",
                        "--monolith.cache.directories.wipe=synchronous",
                        "--monolith.cache.local.path=" + root);
        CacheManager manager = context.getBean(CacheManager.class);
        manager.create();
        manager.create().close();
        manager.sweep();
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @Test
    void theMetersAreThoseOfThePage() {
        Map<String, String> documented = rows("^\\| `(monolith\\.[^`]+)` \\| (gauge|counter|timer) \\|");
        Map<String, String> ours = context.getBean(MeterRegistry.class).getMeters().stream()
                .map(meter -> meter.getId())
                .filter(id -> id.getName().startsWith("monolith.cache."))
                .filter(id -> !id.getName().matches("monolith\\.cache\\.(create|wipe)(\\.active)?"))
                .collect(Collectors.toMap(
                        id -> id.getName(), id -> id.getType().name().toLowerCase(Locale.ROOT), (one, same) -> one));

        // those of Redis and S3 come with the first command and the first request
        documented.keySet().removeIf(name -> name.matches("monolith\\.cache\\.(redis|s3)\\..*"));
        assertThat(ours).isEqualTo(documented);
    }

    @Test
    void theObservationsAreThoseOfThePageAndHaveItsKeysOnly() {
        Map<String, String> documented = rows("^\\| `(monolith\\.[^`]+)` \\| a? ?[^|]{10,} \\| `(storage)` \\|");

        assertThat(documented).containsOnlyKeys("monolith.cache.create", "monolith.cache.wipe");
        assertThat(documented)
                .allSatisfy((name, key) -> assertThat(context.getBean(MeterRegistry.class)
                                .get(name)
                                .timer()
                                .getId()
                                .getTags())
                        .extracting(tag -> tag.getKey())
                        .containsExactlyInAnyOrder(key, "error"));
    }

    private static Map<String, String> rows(String row) {
        return Pattern.compile(row, Pattern.MULTILINE)
                .matcher(page)
                .results()
                .collect(Collectors.toMap((MatchResult found) -> found.group(1), found -> found.group(2)));
    }

    @Test
    void prometheusReadsEveryMeterByItsNameAndType() throws Exception {
        List<String> lines = get("/actuator/prometheus").body().lines().toList();

        assertThat(lines.stream()
                        .filter(line -> line.startsWith("# TYPE monolith_"))
                        .map(line -> line.substring("# TYPE monolith_cache_".length()))
                        .filter(line -> !line.matches("(create|wipe)_.*")))
                .containsExactlyInAnyOrder(
                        "directories_active gauge",
                        "directories_creations_total counter",
                        "directories_wiped_total counter",
                        "directories_reclaimed_total counter",
                        "directories_lost_total counter",
                        "directories_leaked_total counter",
                        "sweep_seconds summary",
                        "sweep_seconds_max gauge",
                        "sweep_skipped_total counter",
                        "sweep_failed_total counter",
                        "disk_free_bytes gauge",
                        "store_size_bytes gauge",
                        "store_limit_bytes gauge",
                        "store_fill gauge",
                        "store_evictions_total counter",
                        "store_corrupt_total counter",
                        "store_rejected_total counter");
        assertThat(lines)
                .contains(
                        "monolith_cache_directories_active 1.0",
                        "monolith_cache_directories_creations_total 2.0",
                        "monolith_cache_directories_wiped_total 1.0",
                        "monolith_cache_sweep_seconds_count 1",
                        "monolith_cache_create_seconds_count{error=\"none\",storage=\"local\"} 2");
    }

    @Test
    void healthAnswersAsThePageSays() throws Exception {
        Matcher block = Pattern.compile("```console\n\\$ curl localhost:8080(\\S+)\n(\\d+) (\\S+)\n([^`]+)```")
                .matcher(page);
        assertThat(block.find()).isTrue();

        HttpResponse<String> answer = get(block.group(1));

        assertThat(answer.statusCode()).hasToString(block.group(2));
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(block.group(3));
        String body = answer.body().replace(root.toRealPath().toString(), "/var/cache/shop");
        assertThat(comparable(body)).isEqualTo(comparable(block.group(4)));
    }

    /** Without what differs from disk to disk and from time to time. */
    private static String comparable(String json) {
        return new JsonMapper()
                .readTree(json)
                .toString()
                .replaceAll("\"20[0-9T:.-]+Z\"", "\"(a time)\"")
                .replaceAll("\"(free|total)\":\\d+", "\"$1\":(bytes)");
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
