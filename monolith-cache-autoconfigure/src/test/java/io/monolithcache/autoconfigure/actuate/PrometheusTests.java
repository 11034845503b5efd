// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The meters as Prometheus reads them, over HTTP. */
class PrometheusTests {

    @TempDir
    Path root;

    @Test
    void everyMeterHasItsNameAndType() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(
                        EndpointOnSpringMvcTests.Application.class)
                .web(WebApplicationType.SERVLET)
                .run(
                        "--server.port=0",
                        "--management.endpoints.web.exposure.include=prometheus",
                        "--monolith.cache.directories.sweep-interval=0",
                        "--monolith.cache.directories.wipe=synchronous",
                        "--monolith.cache.local.path=" + root)) {
            CacheManager manager = context.getBean(CacheManager.class);
            manager.create();
            manager.create().close();
            manager.sweep();

            List<String> lines = scrape(context);

            assertThat(types(lines))
                    .containsExactlyInAnyOrder(
                            "monolith_cache_directories_active gauge",
                            "monolith_cache_directories_creations_total counter",
                            "monolith_cache_directories_wiped_total counter",
                            "monolith_cache_directories_reclaimed_total counter",
                            "monolith_cache_directories_lost_total counter",
                            "monolith_cache_directories_leaked_total counter",
                            "monolith_cache_sweep_seconds summary",
                            "monolith_cache_sweep_seconds_max gauge",
                            "monolith_cache_sweep_skipped_total counter",
                            "monolith_cache_sweep_failed_total counter",
                            "monolith_cache_disk_free_bytes gauge");
            assertThat(lines)
                    .contains(
                            "monolith_cache_directories_active 1.0",
                            "monolith_cache_directories_creations_total 2.0",
                            "monolith_cache_directories_wiped_total 1.0",
                            "monolith_cache_sweep_seconds_count 1");
        }
    }

    private static List<String> types(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("# TYPE monolith_"))
                .map(line -> line.substring("# TYPE ".length()))
                .toList();
    }

    private static List<String> scrape(ConfigurableApplicationContext context) throws Exception {
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/prometheus"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .toList();
    }
}
