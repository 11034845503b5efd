// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The manager is closed after the web server has drained. */
class ShutDownTests {

    @TempDir
    Path root;

    @Test
    void aRequestInFlightKeepsItsDirectoryUntilItHasFinished() throws Exception {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .run("--server.port=0", "--server.shutdown=graceful", "--monolith.cache.local.path=" + root);
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        CacheManager manager = context.getBean(CacheManager.class);
        SlowController controller = context.getBean(SlowController.class);

        CompletableFuture<HttpResponse<String>> answer = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/slow"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(controller.inside.await(30, TimeUnit.SECONDS)).isTrue();
        // not in the common pool, which has one thread on two cores
        CompletableFuture<Void> close = CompletableFuture.runAsync(context::close, task -> new Thread(task).start());
        await().until(() -> refusesConnections(port));
        assertThat(close).isNotDone();
        controller.proceed.countDown();

        assertThat(answer.get(30, TimeUnit.SECONDS).body()).isEqualTo("before and after");
        close.get(30, TimeUnit.SECONDS);
        assertThatIllegalStateException().isThrownBy(manager::create);
        assertThat(root.resolve("monolith-cache/caches")).isEmptyDirectory();
    }

    private static boolean refusesConnections(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("localhost", port), 1000);
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(SlowController.class)
    static class Application {}

    @RestController
    static class SlowController {

        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch proceed = new CountDownLatch(1);
        private final CacheManager caches;

        SlowController(CacheManager caches) {
            this.caches = caches;
        }

        @GetMapping("/slow")
        String slow() throws Exception {
            try (CacheDirectory directory = caches.create()) {
                Path file = Files.writeString(directory.path().resolve("file"), "before");
                inside.countDown();
                assertThat(proceed.await(30, TimeUnit.SECONDS)).isTrue();
                try (CacheDirectory another = caches.attach(directory.id())) {
                    directory.putMetadata("drained", true);
                    return Files.readString(another.path().resolve(file)) + " and after";
                }
            }
        }
    }
}
