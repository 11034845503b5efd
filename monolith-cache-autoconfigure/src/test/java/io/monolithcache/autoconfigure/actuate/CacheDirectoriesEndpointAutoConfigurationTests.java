// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.ContextsOnOneRoot;
import io.monolithcache.directory.CacheManager;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class CacheDirectoriesEndpointAutoConfigurationTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(CacheDirectoriesEndpointAutoConfiguration.class);
    }

    @Test
    void unexposedThereIsNoEndpoint() {
        runner.run(context -> assertThat(context).doesNotHaveBean(CacheDirectoriesEndpoint.class));
    }

    @Test
    void exposedOverTheWebThereIsTheEndpointWithItsExtension() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=cachedirectories")
                .run(context -> assertThat(context)
                        .hasSingleBean(CacheDirectoriesEndpoint.class)
                        .hasSingleBean(CacheDirectoriesEndpointWebExtension.class));
    }

    @Test
    void exposedOverJmxThereIsTheEndpointAlone() {
        runner.withPropertyValues(
                        "spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=cachedirectories")
                .run(context -> assertThat(context)
                        .hasSingleBean(CacheDirectoriesEndpoint.class)
                        .doesNotHaveBean(CacheDirectoriesEndpointWebExtension.class));
    }

    @Test
    void withoutAccessThereIsNoEndpoint() {
        exposed("management.endpoint.cachedirectories.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(CacheDirectoriesEndpoint.class));
    }

    @Test
    void withoutACacheManagerThereIsNoEndpoint() {
        exposed("monolith.cache.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(CacheDirectoriesEndpoint.class)
                        .doesNotHaveBean(CacheDirectoriesEndpointWebExtension.class));
    }

    @Test
    void aCacheManagerOfTheApplicationIsServed() {
        exposed("monolith.cache.enabled=false")
                .withBean(CacheManager.class, this::managerOfTheApplication)
                .run(context -> assertThat(context).hasSingleBean(CacheDirectoriesEndpoint.class));
    }

    @Test
    void ofTwoCacheManagersNoneIsServed() {
        exposed("monolith.cache.enabled=false")
                .withBean("one", CacheManager.class, this::managerOfTheApplication)
                .withBean("two", CacheManager.class, this::managerOfTheApplication)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheDirectoriesEndpoint.class));
    }

    @Test
    void anEndpointOfTheApplicationIsNotJoinedByAnother() {
        exposed()
                .withBean(
                        "ours",
                        CacheDirectoriesEndpoint.class,
                        () -> new CacheDirectoriesEndpoint(managerOfTheApplication(), Show.NEVER))
                .run(context -> assertThat(context)
                        .getBeanNames(CacheDirectoriesEndpoint.class)
                        .containsExactly("ours"));
    }

    @Test
    void valuesAreNeverShownByDefault() {
        exposed()
                .run(context -> assertThat(context.getBean(CacheDirectoriesEndpointProperties.class))
                        .isEqualTo(new CacheDirectoriesEndpointProperties(Show.NEVER, Set.of())));
    }

    @Test
    void whoIsShownValuesIsConfigured() {
        exposed(
                        "management.endpoint.cachedirectories.show-values=when-authorized",
                        "management.endpoint.cachedirectories.roles=admin,operator")
                .run(context -> assertThat(context.getBean(CacheDirectoriesEndpointProperties.class))
                        .isEqualTo(new CacheDirectoriesEndpointProperties(
                                Show.WHEN_AUTHORIZED, Set.of("admin", "operator"))));
    }

    private ApplicationContextRunner exposed(String... properties) {
        return runner.withPropertyValues("management.endpoints.web.exposure.include=cachedirectories")
                .withPropertyValues(properties);
    }
}
