// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.monolithcache.directory.DirectoryStorage;
import io.monolithcache.directory.ReferenceRegistry;
import io.monolithcache.directory.RegistryProvider;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RegistryChoiceTests {

    private static final RegistryProvider OURS = new RegistryProvider() {
        @Override
        public String name() {
            return "redis";
        }

        @Override
        public ReferenceRegistry open(DirectoryStorage storage, Clock clock) {
            throw new UnsupportedOperationException();
        }
    };

    private final List<InvalidSetting> problems = new ArrayList<>();

    @Test
    void byDefaultItIsTheOneOfTheStorage() {
        assertThat(choose()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "AUTO", "redis", " Redis ", ""})
    void aHostAsksForRedis(String registry) {
        assertThat(choose("registry", registry, "redis.host", "redis")).isSameAs(OURS);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "redis", ""})
    void enabledAsksForTheRedisOfTheApplication(String registry) {
        assertThat(choose("registry", registry, "redis.enabled", "true")).isSameAs(OURS);
        assertThat(problems).isEmpty();
    }

    @Test
    void theRegistryAloneAsksForTheRedisOfTheApplication() {
        assertThat(choose("registry", "redis")).isSameAs(OURS);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "enabled"})
    void anEmptyValueAsksForNothing(String property) {
        assertThat(choose("redis." + property, "")).isNull();
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "file"})
    void enabledSetToFalseTurnsRedisOffWhateverElseIsSet(String registry) {
        assertThat(choose(
                        "registry",
                        registry,
                        "redis.enabled",
                        "false",
                        "redis.host",
                        "redis",
                        "redis.password",
                        "secret",
                        "redis.lease",
                        "-1s"))
                .isNull();
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "redis.example.org", "10.0.0.7", "::1", "[::1]", "fe80::1%eth0"})
    void aHostIsANameOrAnAddress(String host) {
        assertThat(choose("redis.host", host)).isSameAs(OURS);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://redis",
                "rediss://shop:secret@redis:6380/2",
                "redis:6379",
                "shop:secret@redis",
                "a b",
                "a,b"
            })
    void aUrlIsNoHost(String host) {
        assertThat(choose("redis.host", host)).isNull();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.property()).isEqualTo("monolith.cache.redis.host");
            assertThat(problem.description())
                    .startsWith("The property 'monolith.cache.redis.host' is not a host alone")
                    .doesNotContain("secret");
            assertThat(problem.action())
                    .contains(
                            "Set monolith.cache.redis.host to",
                            "monolith.cache.redis.port",
                            "monolith.cache.redis.ssl");
        });
    }

    @ParameterizedTest
    @CsvSource({"host, redis", "enabled, true"})
    void filesAndRedisContradict(String property, String value) {
        assertThat(choose("registry", "file", "redis." + property, value)).isNull();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.property()).isEqualTo("monolith.cache.registry");
            assertThat(problem.description())
                    .isEqualTo("The property 'monolith.cache.registry' is 'file', but 'monolith.cache.redis." + property
                            + "' asks for Redis.");
            assertThat(problem.action())
                    .isEqualTo(
                            "Remove monolith.cache.redis." + property
                                    + ", set monolith.cache.redis.enabled to false, or set monolith.cache.registry to 'redis'.");
        });
    }

    @Test
    void redisThatIsOffContradicts() {
        assertThat(choose("registry", "redis", "redis.enabled", "false")).isNull();
        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.description())
                        .isEqualTo("The property 'monolith.cache.redis.enabled' is false, but 'monolith.cache.registry'"
                                + " is 'redis'."));
    }

    @ParameterizedTest
    @CsvSource({
        "username, shop, monolith.cache.redis.username",
        "password, secret, monolith.cache.redis.password",
        "ssl.enabled, true, monolith.cache.redis.ssl",
        "ssl.bundle, redis, monolith.cache.redis.ssl"
    })
    void whatBelongsToAHostIsNotIgnoredWithoutOne(String property, String value, String told) {
        assertThat(choose("redis." + property, value)).isNull();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.property()).isEqualTo(told);
            assertThat(problem.description()).contains("'monolith.cache.redis.host' is not");
            assertThat(problem.action()).contains("spring.data.redis.*").doesNotContain("secret");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "port, 0, is 0.",
        "port, 65536, is 65536.",
        "database, -1, is negative (-1).",
        "namespace, a shop, is 'a shop'.",
        "namespace, {shop}, is '{shop}'.",
        "lease, 299ms, is PT0.299S.",
        "lease, 25h, is PT25H.",
        "timeout, 0s, 'is PT0S, but a command has more than no time'",
        "timeout, -1s, 'is PT-1S, but'",
        "timeout, 10001ms, 'is PT10.001S, but a command has more than no time and at most a third of"
                + " ''monolith.cache.redis.lease'' (PT30S).'"
    })
    void aValueOutOfItsRangeIsRefused(String property, String value, String what) {
        assertThat(choose("redis.host", "redis", "redis." + property, value)).isNull();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.property()).isEqualTo("monolith.cache.redis." + property);
            assertThat(problem.description())
                    .startsWith("The property 'monolith.cache.redis." + property + "' " + what);
            assertThat(problem.action()).contains("monolith.cache.redis." + property);
        });
    }

    @ParameterizedTest
    @CsvSource({"port, 1", "port, 65535", "database, 15", "namespace, shop.eu-1:a_b", "lease, 1d", "timeout, 10s"})
    void theEndsOfARangeAreTaken(String property, String value) {
        assertThat(choose("redis.host", "redis", "redis." + property, value)).isSameAs(OURS);
        assertThat(problems).isEmpty();
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        choose(
                "redis.host", "redis",
                "redis.port", "0",
                "redis.database", "-1",
                "redis.namespace", "!",
                "redis.lease", "1s",
                "redis.timeout", "1s");
        assertThat(problems)
                .extracting(InvalidSetting::property)
                .containsExactly(
                        "monolith.cache.redis.port",
                        "monolith.cache.redis.database",
                        "monolith.cache.redis.namespace",
                        "monolith.cache.redis.timeout");
    }

    @ParameterizedTest
    @CsvSource({
        "redis.host, redis, monolith.cache.redis.host",
        "redis.enabled, true, monolith.cache.redis.enabled",
        "registry, redis, monolith.cache.registry"
    })
    void withoutTheLibrariesItIsToldWhichToAdd(String property, String value, String told) {
        assertThat(choose(List.of(), property, value)).isNull();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.property()).isEqualTo(told);
            assertThat(problem.action())
                    .matches("Add org\\.springframework\\.boot:spring-boot-starter-data-redis:4\\.\\S+ to the"
                            + " dependencies, or remove " + told + "\\.");
        });
    }

    @Test
    void whatTheTechnologyRefusesIsToldToo() {
        InvalidSetting refused = new InvalidSetting("p", "It is wrong.", "Mend it.");
        RegistrySource refusing = source(() -> {
            throw new InvalidCacheSettingsException(List.of(refused));
        });
        assertThat(choose(List.of(refusing), "redis.host", "redis")).isNull();
        assertThat(problems).containsExactly(refused);
    }

    @Test
    void allOfTheSettingsAreTold() {
        InvalidCacheSettingsException refused = catchThrowableOfType(
                InvalidCacheSettingsException.class,
                () -> CacheSettings.builder(
                        properties("registry", "file", "redis.host", "redis", "local.path", "~"),
                        List.of(),
                        List.of()));
        assertThat(refused.settings())
                .extracting(InvalidSetting::property)
                .containsExactly("monolith.cache.registry", "monolith.cache.local.path");
    }

    private RegistryProvider choose(String... settings) {
        return choose(List.of(source(() -> OURS)), settings);
    }

    private RegistryProvider choose(List<RegistrySource> sources, String... settings) {
        return new RegistryChoice(properties(settings), sources, problems).choose();
    }

    private static RegistrySource source(Supplier<RegistryProvider> registry) {
        return new RegistrySource() {
            @Override
            public String name() {
                return "redis";
            }

            @Override
            public RegistryProvider registry(MonolithCacheProperties properties) {
                return registry.get();
            }
        };
    }

    private static MonolithCacheProperties properties(String... settings) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("monolith.cache." + settings[i], settings[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("monolith.cache", MonolithCacheProperties.class);
    }
}
