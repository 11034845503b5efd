// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopeTaskDecorator;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.InCacheScopeBeanPostProcessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What there is, and when there is nothing. */
class CacheScopesAutoConfigurationTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(CacheScopesAutoConfiguration.class, AopAutoConfiguration.class);
    }

    @Test
    void scopesAreTheManagers() {
        runner.run(context -> {
            assertThat(context).getBeanNames(CacheScopes.class).containsExactly("cacheScopes");
            context.getBean(CacheScopes.class).run(() -> {
                assertThat(context.getBean(CacheManager.class).list(null, 10)).isEmpty();
                assertThat(context.getBean(CacheDirectory.class).path()).isDirectory();
                assertThat(context.getBean(CacheManager.class).list(null, 10)).hasSize(1);
            });
            assertThat(context.getBean(CacheManager.class).list(null, 10)).isEmpty();
        });
    }

    @Test
    void disabledThereIsNothing() {
        runner.withPropertyValues("monolith.cache.enabled=false")
                .withBean(CacheManager.class, this::managerOfTheApplication)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(CacheScopes.class)
                        .doesNotHaveBean(CacheDirectory.class)
                        .doesNotHaveBean(InCacheScopeBeanPostProcessor.class)
                        .doesNotHaveBean(CacheScopeTaskDecorator.class));
    }

    @Test
    void withoutTheCoreThereIsNothing() {
        runner.withClassLoader(new FilteredClassLoader("io.monolithcache.scope", "io.monolithcache.directory"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("cacheScopes"));
    }

    @Test
    void ofTwoManagersNoneIsPreferred() {
        runner.withBean("one", CacheManager.class, this::managerOfTheApplication)
                .withBean("other", CacheManager.class, this::managerOfTheApplication)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheScopes.class));
    }

    @Test
    void scopesOfTheApplicationWin() {
        runner.withUserConfiguration(WithScopes.class).withBean(Reports.class).run(context -> {
            assertThat(context).getBeanNames(CacheScopes.class).containsExactly("ours");
            assertThat(context.getBean(Reports.class).make()).doesNotExist();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class WithScopes {

        @Bean
        CacheScopes ours(CacheManager manager) {
            return new CacheScopes(manager);
        }
    }

    @Test
    void aProcessorOfTheApplicationWins() {
        runner.withBean(
                        "ours",
                        InCacheScopeBeanPostProcessor.class,
                        () -> new InCacheScopeBeanPostProcessor(() -> {
                            throw new AssertionError();
                        }))
                .run(context -> assertThat(context)
                        .getBeanNames(InCacheScopeBeanPostProcessor.class)
                        .containsExactly("ours"));
    }

    @Test
    void withNoScopeOpenTheInjectedDirectorySaysSo() {
        runner.run(context -> assertThatIllegalStateException()
                .isThrownBy(context.getBean(CacheDirectory.class)::path)
                .withMessageContaining("No cache scope is open")
                .withMessageContaining("@InCacheScope"));
    }

    @Test
    void aDirectoryOfTheApplicationWins() {
        runner.withUserConfiguration(WithADirectory.class)
                .run(context -> assertThat(context.getBean(CacheDirectory.class))
                        .isSameAs(context.getBean("ours"))
                        .isNotSameAs(context.getBean("monolithCacheScopeDirectory")));
    }

    @Configuration(proxyBeanMethods = false)
    static class WithADirectory {

        @Bean
        CacheDirectory ours(CacheManager manager) {
            return manager.create();
        }
    }
}
