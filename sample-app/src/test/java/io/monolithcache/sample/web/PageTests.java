// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.monolithcache.sample.Desk;
import io.monolithcache.sample.DeskClient.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The page, the actuator, and who can reach them. */
class PageTests {

    @AutoClose
    private static Desk desk;

    @BeforeAll
    static void start(@TempDir Path root) {
        desk = Desk.start(root);
    }

    @Test
    void thePageNeedsNothingFromElsewhere() {
        Answer page = desk.client().get("/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.text()).contains("<title>Data desk</title>").doesNotContain("http:", "https:", "innerHTML");
    }

    @Test
    void theActuatorShowsWhatJobsAre() {
        String id = desk.client().newJob("cities.csv", "city\nBern\n");

        JsonNode directory =
                desk.client().get("/actuator/cachedirectories/" + id).json();

        assertThat(directory.get("metadata").get("job").get("name").asString()).isEqualTo("cities.csv");
        assertThat(directory.get("files").asInt()).isEqualTo(3);
    }

    @Test
    void onlyTheseEndpointsAreExposed() {
        JsonNode links = desk.client().get("/actuator").json().get("_links");

        assertThat(links.propertyNames())
                .allMatch(name -> name.matches("self|(health|info|metrics|cachedirectories)(-\\w+)*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "\"x\"", "{\"locked\":[true]}", "{\"locked\":true,\"atMost\":[\"PT1H\"]}"})
    void aLockThatCannotBeReadIs400(String body) {
        String id = desk.client().newJob("cities.csv", "city\nBern\n");

        Answer answer = changeLock(id, "application/json", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.text()).contains("\"status\":400").doesNotContain("multipart");
        assertThat(desk.client()
                        .get("/jobs/" + id)
                        .json()
                        .get("directory")
                        .get("locked")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void aLockOfAnotherTypeIs415AndNobodyAsksForAnUpload() {
        String id = desk.client().newJob("cities.csv", "city\nBern\n");

        Answer answer = changeLock(id, "text/plain", "{\"locked\":true}");

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.text()).doesNotContain("multipart");
    }

    private static Answer changeLock(String id, String type, String body) {
        return desk.client().post("/actuator/cachedirectories/" + id, type, body);
    }

    @Test
    void nothingListensBeyondTheLoopback() throws Exception {
        Optional<InetAddress> other = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst();
        assumeThat(other).as("this machine has no address but the loopback's").isPresent();

        assertThatThrownBy(() -> new Socket(other.orElseThrow(), desk.port()).close())
                .isInstanceOf(IOException.class);
    }

    /** Spring serves what lies in the document root, so there must be none. */
    @Test
    void noFolderIsServed() {
        Path base = Path.of(System.getProperty("catalina.base"));

        assertThat(base.resolve("release")).as("a file of Tomcat's base folder").exists();
        assertThat(desk.client().get("/release").status()).isEqualTo(404);
        assertThat(desk.client().get("/..%2frelease").status()).isEqualTo(400);
    }

    @Test
    void tomcatMakesNoFolder() {
        assertThat(Path.of(System.getProperty("catalina.base")).resolve("work")).doesNotExist();
    }
}
