// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The controller in the documentation works, pasted into an empty application. */
class DocumentedControllerTests {

    private static final Path PAGE = Path.of("..", "docs", "requests.md");

    @TempDir
    Path folder;

    @Test
    void itAnswersAndLeavesNothing() throws Exception {
        Path root = folder.resolve("root");
        try (URLClassLoader loader = compiled(firstListing());
                ConfigurableApplicationContext application = new SpringApplicationBuilder(
                                Application.class, loader.loadClass("com.example.demo.ZipController"))
                        .web(WebApplicationType.SERVLET)
                        .run("--server.port=0", "--monolith.cache.local.path=" + root)) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://localhost:" + ServletServer.port(application) + "/zip"))
                    .header("Content-Type", "application/octet-stream")
                    .POST(BodyPublishers.ofString("some text"))
                    .build();

            HttpResponse<byte[]> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/zip");
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
                assertThat(zip.getNextEntry().getName()).isEqualTo("upload");
                assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("some text");
            }
            await().untilAsserted(() ->
                    assertThat(root.resolve("monolith-cache/caches")).isEmptyDirectory());
        }
    }

    private static String firstListing() throws Exception {
        Matcher listing = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(listing.find()).isTrue();
        return listing.group(1);
    }

    private URLClassLoader compiled(String source) throws Exception {
        Path file = Files.writeString(folder.resolve("ZipController.java"), source);
        Path classes = Files.createDirectory(folder.resolve("classes"));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        file.toString());
        assertThat(status).isZero();
        return new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
