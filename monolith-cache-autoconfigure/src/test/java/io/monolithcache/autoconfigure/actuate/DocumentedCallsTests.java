// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.actuate.EndpointClient.Answer;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** Makes the calls of {@code docs/actuator.md}, in their order, and compares the answers, but for times and names. */
class DocumentedCallsTests {

    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "../docs/actuator.md");

    /** The directories of the page, in the order of their creation. */
    private static final List<String> IDS =
            List.of("01m7wk6d5f17gn3t0jencqe9qb", "01m7wk6d6h8h0r8t15jj78h7jj", "01m7wk6d7cxst8by0qgcakarkj");

    private static final String ROOT = "/var/cache/shop";

    private static final Pattern BLOCK =
            Pattern.compile("```console\n\\$ curl (?<call>.*)\n(?<status>\\d+) ?(?<type>.*)\n(?<body>[^`]*)```");
    private static final Pattern METHOD = Pattern.compile("-X (\\w+)");
    private static final Pattern BODY = Pattern.compile("-d '([^']*)'");
    private static final Pattern TARGET = Pattern.compile("localhost:8080/actuator/cachedirectories([^ ']*)");

    @TempDir
    Path root;

    @Test
    void everyCallOfThePageIsAnsweredAsThePageSays() throws IOException {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(
                        EndpointOnSpringMvcTests.Application.class)
                .web(WebApplicationType.SERVLET)
                .run(
                        "--server.port=0",
                        "--management.endpoints.web.exposure.include=cachedirectories",
                        "--monolith.cache.directories.sweep-interval=0",
                        "--monolith.cache.directories.wipe=synchronous",
                        "--monolith.cache.local.path=" + root)) {
            List<String> ids = directoriesOfThePage(context.getBean(CacheManager.class));
            EndpointClient client = new EndpointClient(
                    context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
            Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
            int calls = 0;
            while (blocks.find()) {
                Answer answer = call(client, replace(blocks.group("call"), IDS, ids));
                assertThat(answer.status()).hasToString(blocks.group("status"));
                assertThat(answer.contentType()).isEqualTo(blocks.group("type"));
                String body = replace(answer.body(), ids, IDS)
                        .replace(root.toRealPath().toString(), ROOT);
                assertThat(comparable(body)).isEqualTo(comparable(blocks.group("body")));
                calls++;
            }
            assertThat(calls).isGreaterThanOrEqualTo(10);
        }
    }

    private static List<String> directoriesOfThePage(CacheManager manager) throws IOException {
        CacheDirectory first = manager.create(CacheOptions.defaults().metadata("customer", 42));
        Files.writeString(first.path().resolve("report.csv"), "a;b;c\n");
        CacheDirectory second = createAfter(first, manager);
        CacheDirectory third = createAfter(second, manager);
        second.lock();
        second.close();
        return List.of(first.id().value(), second.id().value(), third.id().value());
    }

    /** Ids of the same millisecond are in no order. */
    private static CacheDirectory createAfter(CacheDirectory before, CacheManager manager) {
        CacheDirectory created = manager.create();
        while (created.id().compareTo(before.id()) < 0) {
            created.close();
            created = manager.create();
        }
        return created;
    }

    private static Answer call(EndpointClient client, String curl) {
        Matcher target = TARGET.matcher(curl);
        assertThat(target.find()).isTrue();
        String path = target.group(1);
        Matcher method = METHOD.matcher(curl);
        Matcher body = BODY.matcher(curl);
        return switch (method.find() ? method.group(1) : "GET") {
            case "GET" -> client.get(path);
            case "DELETE" -> client.delete(path);
            case "POST" -> body.find() ? client.post(path, body.group(1)) : client.post(path);
            default -> throw new AssertionError(curl);
        };
    }

    private static String replace(String text, List<String> these, List<String> those) {
        String replaced = text;
        for (int i = 0; i < these.size(); i++) {
            replaced = replaced.replace(these.get(i), those.get(i));
        }
        return replaced;
    }

    private static String comparable(String json) {
        if (json.isBlank()) {
            return "";
        }
        return new JsonMapper()
                .readTree(json)
                .toString()
                .replaceAll("\"20[0-9T:.-]+Z\"", "\"(a time)\"")
                .replaceAll("\"PT[0-9.]+S\"", "\"(a duration)\"");
    }
}
