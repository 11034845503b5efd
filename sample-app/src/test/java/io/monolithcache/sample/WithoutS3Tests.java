// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/** S3 is an option: the desk needs neither a bucket nor a region nor a library of it. */
class WithoutS3Tests {

    private static final Pattern LIBRARIES = Pattern.compile("software.amazon.awssdk|io.awspring");

    @TempDir
    private Path folder;

    @Test
    void nobodyMakesAClientOfIt() {
        try (Desk desk = Desk.start(folder)) {
            JsonNode health = desk.client().get("/actuator/health").json();

            assertThat(health.get("status").asString()).isEqualTo("UP");
            assertThat(desk.client().get("/jobs").json().get("storage").asString())
                    .isEqualTo("local");
            assertThatExceptionOfType(NoSuchBeanDefinitionException.class).isThrownBy(() -> desk.bean(S3Client.class));
        }
    }

    @Test
    void itWorksWithoutARegion() throws IOException {
        try (DeskProcess desk = DeskProcess.start(folder)) {
            assertThatItWorks(desk);
        }
    }

    @Test
    void itWorksWithoutTheLibraries() throws IOException {
        assertThat(System.getProperty("java.class.path"))
                .as("else nothing would be left out")
                .containsPattern(LIBRARIES);

        try (DeskProcess desk = DeskProcess.startWithout(
                entry -> LIBRARIES.matcher(entry.toString()).find(), folder)) {
            assertThatItWorks(desk);
        }
    }

    private static void assertThatItWorks(DeskProcess desk) {
        DeskClient client = desk.client();
        String id = client.newJob("cities.csv", "city\nBern\n");

        assertThat(client.post("/jobs/" + id + "/keep").status()).isEqualTo(200);
        assertThat(client.get("/jobs/" + id + "/files/input.csv").text()).isEqualTo("city\nBern\n");
        assertThat(client.get("/actuator/health").json().get("status").asString())
                .isEqualTo("UP");
        assertThat(client.delete("/jobs/" + id).status()).isEqualTo(204);
    }
}
