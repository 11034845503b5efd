// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.CacheManager;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

class MonolithCacheAutoConfigurationTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith();
    }

    @Test
    void thereIsOneManagerNamedMonolithCacheManager() {
        runner.run(context ->
                assertThat(context).getBeanNames(CacheManager.class).containsExactly("monolithCacheManager"));
    }

    @Test
    void theManagerWorksBelowTheConfiguredPath() {
        runner.run(context -> {
            try (CacheDirectory directory = context.getBean(CacheManager.class).create()) {
                assertThat(directory.path()).startsWith(root.toRealPath().resolve("monolith-cache"));
            }
        });
    }

    @Test
    void theManagerIsClosedWithTheContext() {
        List<CacheManager> managers = new ArrayList<>();
        runner.run(context -> managers.add(context.getBean(CacheManager.class)));
        assertThatIllegalStateException().isThrownBy(managers.get(0)::create);
    }

    @Test
    void whatTheApplicationHoldsIsWipedWithTheContext() {
        List<CacheDirectory> directories = new ArrayList<>();
        runner.run(
                context -> directories.add(context.getBean(CacheManager.class).create()));
        assertThat(Path.of(directories.get(0).location())).doesNotExist();
    }

    @Test
    void aManagerOfTheApplicationIsNotJoinedByAnother() {
        runner.withBean("ours", CacheManager.class, this::managerOfTheApplication)
                .run(context ->
                        assertThat(context).getBeanNames(CacheManager.class).containsExactly("ours"));
    }

    @Test
    void aSecondManagerThatIsNoDefaultCandidateStandsBesideOurs() {
        runner.withUserConfiguration(WithASecondRoot.class)
                .run(context -> assertThat(context)
                        .getBeanNames(CacheManager.class)
                        .containsExactlyInAnyOrder("monolithCacheManager", "scratch"));
    }

    @Configuration(proxyBeanMethods = false)
    static class WithASecondRoot {

        @Bean(defaultCandidate = false)
        CacheManager scratch() {
            return CacheManager.builder().applicationName("scratch").build();
        }
    }

    @Test
    void aCacheManagerOfSpringIsAnotherThing() {
        runner.withBean(
                        org.springframework.cache.CacheManager.class,
                        () -> new org.springframework.cache.support.NoOpCacheManager())
                .run(context -> assertThat(context)
                        .hasSingleBean(org.springframework.cache.CacheManager.class)
                        .hasSingleBean(CacheManager.class));
    }

    @Test
    void disabledThereIsNothing() {
        runner.withPropertyValues("monolith.cache.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(CacheManager.class)
                        .doesNotHaveBean(MonolithCacheProperties.class));
    }

    @Test
    void anEmptyEnabledCountsAsAbsent() {
        runner.withPropertyValues("monolith.cache.enabled=")
                .run(context -> assertThat(context).hasSingleBean(CacheManager.class));
    }

    @Test
    void withoutTheCoreThereIsNothing() {
        runner.withClassLoader(new FilteredClassLoader(CacheManager.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("monolithCacheManager"));
    }

    @Test
    void theApplicationsNameNamesTheDefaultRoot() {
        // XDG_CACHE_HOME cannot be unset from here, so what is before the name is not certain
        runner.withPropertyValues("monolith.cache.local.path=", "spring.application.name=named-in-a-test")
                .withSystemProperties("user.home=" + root)
                .run(context -> assertThat(
                                context.getBean(CacheManager.class).status().location())
                        .asString()
                        .endsWith("/named-in-a-test/monolith-cache/caches/"));
    }

    @Test
    void listenersHearWhatTheManagerDoesInTheirOrder() {
        List<String> heard = new ArrayList<>();
        runner.withBean("second", CacheListener.class, () -> new Second(heard))
                .withBean("first", CacheListener.class, () -> new First(heard))
                .run(context -> {
                    try (CacheDirectory created =
                            context.getBean(CacheManager.class).create()) {
                        assertThat(heard).containsExactly("first " + created.id(), "second " + created.id());
                    }
                });
    }

    @Order(Ordered.HIGHEST_PRECEDENCE)
    private record First(List<String> heard) implements CacheListener {

        @Override
        public void created(CacheId id, URI location) {
            heard.add("first " + id);
        }
    }

    @Order(Ordered.LOWEST_PRECEDENCE)
    private record Second(List<String> heard) implements CacheListener {

        @Override
        public void created(CacheId id, URI location) {
            heard.add("second " + id);
        }
    }
}
