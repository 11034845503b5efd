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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The controller in the documentation works, pasted into an empty application. */
class DocumentedControllerTests {

    private static final Path PROJECT = Path.of(System.getProperty("basedir", "."), "..");

    private static final Pattern LISTING = Pattern.compile("```java\n(package (?:(?!```).)*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/requests.md"})
    void itAnswersAndLeavesNothing(String page) throws Exception {
        Path root = folder.resolve("root");
        try (URLClassLoader loader = compiled(wholeFile(page));
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

    /** The one listing of a page that is a whole file. */
    private static String wholeFile(String page) throws Exception {
        Matcher listing = LISTING.matcher(Files.readString(PROJECT.resolve(page)));
        List<String> files = listing.results().map(found -> found.group(1)).toList();
        assertThat(files).as("whole files in %s", page).hasSize(1);
        return files.get(0);
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
