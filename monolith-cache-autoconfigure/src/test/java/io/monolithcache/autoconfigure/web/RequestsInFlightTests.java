// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * A graceful shutdown lets a response finish that is still being made of files in its directory: the manager is closed
 * after the web server has drained.
 */
class RequestsInFlightTests {

    /** Not the common pool, which has one thread on two cores, and from JDK 25 on is used even then. */
    private static final Executor THREADS = task -> new Thread(task).start();

    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({
        "TOMCAT, /streamed", "TOMCAT, /made-by-hand",
        "JETTY, /streamed", "JETTY, /made-by-hand"
    })
    void aResponseInFlightKeepsItsDirectory(ServletServer server, String request) throws Exception {
        ConfigurableApplicationContext application = server.start(Application.class, root, "server.shutdown=graceful");
        int port = ServletServer.port(application);
        CacheManager manager = application.getBean(CacheManager.class);
        SlowController controller = application.getBean(SlowController.class);

        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> get(port, request), THREADS);
        assertThat(controller.inside.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> close = CompletableFuture.runAsync(application::close, THREADS);
        await().until(() -> !accepts(port));
        assertThat(close).isNotDone();
        controller.proceed.countDown();

        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("before and after");
        close.get(30, TimeUnit.SECONDS);
        assertThatIllegalStateException().isThrownBy(manager::create);
        assertThat(controller.path).doesNotExist();
        assertThat(root.resolve("monolith-cache/caches")).isEmptyDirectory();
    }

    private static String get(int port, String path) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://localhost:" + port + path).toURL().openConnection();
            connection.setReadTimeout(30_000);
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Jetty closes its port, Tomcat only refuses. */
    private static boolean accepts(int port) {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(100);
            socket.getOutputStream().write("GET /none HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException refused) {
            return false;
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
        private volatile Path path;

        SlowController(CacheManager caches) {
            this.caches = caches;
        }

        @GetMapping("/streamed")
        StreamingResponseBody streamed(CacheDirectory directory, HttpServletResponse response) throws IOException {
            // Tomcat may stop between the last byte and what ends a response of unknown length
            response.setContentLength("before and after".length());
            path = directory.path();
            Path before = Files.writeString(path.resolve("before"), "before ");
            Path after = Files.writeString(path.resolve("after"), "and after");
            return out -> {
                Files.copy(before, out);
                out.flush();
                waitInside();
                Files.copy(after, out);
                out.flush();
            };
        }

        @GetMapping("/made-by-hand")
        String madeByHand() throws IOException {
            try (CacheDirectory directory = caches.create()) {
                path = directory.path();
                Files.writeString(path.resolve("file"), "before ");
                waitInside();
                try (CacheDirectory another = caches.attach(directory.id())) {
                    directory.putMetadata("drained", true);
                    return Files.readString(another.path().resolve("file")) + "and after";
                }
            }
        }

        private void waitInside() {
            inside.countDown();
            try {
                assertThat(proceed.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }
}
