// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Redis is an option: the desk needs neither a server nor a library of it. */
class WithoutRedisTests {

    private static final Pattern LIBRARIES =
            Pattern.compile("redis|lettuce|netty|reactor|spring-data|monolith.*-tests");

    @TempDir
    private Path folder;

    @Test
    void itIsHealthyWithoutAServer() {
        try (Desk desk = Desk.start(folder)) {
            JsonNode health = desk.client().get("/actuator/health").json();

            assertThat(health.get("status").asString()).isEqualTo("UP");
            assertThat(health.get("components").propertyNames())
                    .contains("monolithCache")
                    .doesNotContain("redis");
        }
    }

    @Test
    void itWorksWithoutTheLibraries() throws IOException {
        assertThat(System.getProperty("java.class.path"))
                .as("else nothing would be left out")
                .contains("lettuce-core");

        try (DeskProcess desk = DeskProcess.startWithout(
                entry -> LIBRARIES.matcher(entry.getFileName().toString()).find(), folder)) {
            DeskClient client = desk.client();
            String id = client.newJob("cities.csv", "city\nBern\n");

            assertThat(client.post("/jobs/" + id + "/keep").status()).isEqualTo(200);
            assertThat(client.get("/jobs/" + id + "/files/input.csv").text()).isEqualTo("city\nBern\n");
            assertThat(client.get("/actuator/health").json().get("status").asString())
                    .isEqualTo("UP");
            assertThat(client.delete("/jobs/" + id).status()).isEqualTo(204);
        }
    }
}
