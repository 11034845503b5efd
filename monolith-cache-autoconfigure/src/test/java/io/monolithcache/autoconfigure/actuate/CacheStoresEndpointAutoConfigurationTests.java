// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.CacheFilesAutoConfiguration;
import io.monolithcache.autoconfigure.ContextsOnOneRoot;
import io.monolithcache.store.Store;
import io.monolithcache.store.index.JsonIndex;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class CacheStoresEndpointAutoConfigurationTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(CacheFilesAutoConfiguration.class, CacheStoresEndpointAutoConfiguration.class);
    }

    private ApplicationContextRunner exposed(String... properties) {
        return runner.withPropertyValues("management.endpoints.web.exposure.include=cachestores")
                .withPropertyValues(properties);
    }

    private Store own(String name) {
        return Store.in(root.resolve(name)).index(JsonIndex.FORMAT).openOnFirstUse();
    }

    @Test
    void unexposedThereIsNoEndpoint() {
        runner.run(context -> assertThat(context).doesNotHaveBean(CacheStoresEndpoint.class));
    }

    @Test
    void exposedOverTheWebThereIsTheEndpointWithItsExtension() {
        exposed()
                .run(context -> assertThat(context)
                        .hasSingleBean(CacheStoresEndpoint.class)
                        .hasSingleBean(CacheStoresEndpointWebExtension.class));
    }

    @Test
    void exposedOverJmxThereIsTheEndpointAlone() {
        runner.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=cachestores")
                .run(context -> assertThat(context)
                        .hasSingleBean(CacheStoresEndpoint.class)
                        .doesNotHaveBean(CacheStoresEndpointWebExtension.class));
    }

    @Test
    void withoutAccessThereIsNoEndpoint() {
        exposed("management.endpoint.cachestores.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(CacheStoresEndpoint.class));
    }

    @Test
    void withoutAStoreThereIsNoEndpoint() {
        exposed("monolith.cache.files.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheStoresEndpoint.class));
    }

    @Test
    void everyStoreOfTheApplicationIsServed() {
        exposed("monolith.cache.files.enabled=false")
                .withBean("one", Store.class, () -> own("alpha"))
                .withBean("two", Store.class, () -> own("beta"), definition -> definition.setAutowireCandidate(false))
                .run(context -> assertThat(context.getBean(CacheStoresEndpoint.class)
                                .stores()
                                .stores())
                        .extracting(CacheStoreDescriptor::name)
                        .containsExactly("alpha", "beta"));
    }

    @Test
    void storesOfOneNameAreToldApartByTheirBeans() {
        assertThat(CacheStoreNames.of(Map.of("one", own("a/same"), "two", own("b/same"), "three", own("other"))))
                .containsOnlyKeys("one", "two", "other");
    }

    @Test
    void anEndpointOfTheApplicationIsNotJoinedByAnother() {
        exposed()
                .withBean("ours", CacheStoresEndpoint.class, () -> new CacheStoresEndpoint(Map.of(), Show.NEVER))
                .run(context -> assertThat(context)
                        .getBeanNames(CacheStoresEndpoint.class)
                        .containsExactly("ours"));
    }

    @Test
    void valuesAreNeverShownByDefault() {
        exposed()
                .run(context -> assertThat(context.getBean(CacheStoresEndpointProperties.class))
                        .isEqualTo(new CacheStoresEndpointProperties(Show.NEVER, Set.of())));
    }

    @Test
    void whoIsShownValuesIsConfigured() {
        exposed(
                        "management.endpoint.cachestores.show-values=when-authorized",
                        "management.endpoint.cachestores.roles=admin,operator")
                .run(context -> assertThat(context.getBean(CacheStoresEndpointProperties.class))
                        .isEqualTo(
                                new CacheStoresEndpointProperties(Show.WHEN_AUTHORIZED, Set.of("admin", "operator"))));
    }
}
