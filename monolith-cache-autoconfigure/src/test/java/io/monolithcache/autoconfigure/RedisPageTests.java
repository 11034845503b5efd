// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.RegistryProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

/** What {@code docs/redis.md} tells to write is understood as it says. */
class RedisPageTests {

    @Test
    void everyExampleAsksForRedis() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("basedir", "."), "../docs/redis.md"));
        List<String> examples = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(examples).hasSize(2).allSatisfy(example -> {
            MonolithCacheProperties properties = properties(example);
            List<InvalidSetting> problems = new ArrayList<>();
            List<MonolithCacheProperties> asked = new ArrayList<>();
            new RegistryChoice(properties, List.of(new Asked(asked)), problems).choose();

            assertThat(problems).isEmpty();
            assertThat(asked).containsExactly(properties);
            assertThat(properties.redis().host()).isEqualTo("redis.example.org");
        });
        assertThat(properties(examples.get(1)).redis().ssl().bundle()).isEqualTo("redis");
    }

    private record Asked(List<MonolithCacheProperties> with) implements RegistrySource {

        @Override
        public String name() {
            return "redis";
        }

        @Override
        public RegistryProvider registry(MonolithCacheProperties properties) {
            with.add(properties);
            return null;
        }
    }

    private static MonolithCacheProperties properties(String yaml) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getSystemProperties().put("REDIS_PASSWORD", "secret");
        try {
            new YamlPropertySourceLoader()
                    .load("page", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                    .forEach(environment.getPropertySources()::addFirst);
            return Binder.get(environment).bindOrCreate("monolith.cache", MonolithCacheProperties.class);
        } finally {
            environment.getSystemProperties().remove("REDIS_PASSWORD");
        }
    }
}
