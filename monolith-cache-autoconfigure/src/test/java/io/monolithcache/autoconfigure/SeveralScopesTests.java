// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.scope.CacheScopes;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Applications with scopes of their own, of several managers. */
class SeveralScopesTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(CacheScopesAutoConfiguration.class, AopAutoConfiguration.class);
    }

    /** Two managers and the scopes of each: there is neither a primary manager nor primary scopes. */
    @Configuration(proxyBeanMethods = false)
    static class OfTwoManagers {

        @Bean
        CacheManager oneManager(@Value("${monolith.cache.local.path}") Path root) {
            return CacheManager.builder().root(root.resolve("one")).build();
        }

        @Bean
        CacheManager otherManager(@Value("${monolith.cache.local.path}") Path root) {
            return CacheManager.builder().root(root.resolve("other")).build();
        }

        @Bean
        CacheScopes one(@Qualifier("oneManager") CacheManager manager) {
            return new CacheScopes(manager);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithOthers {

        @Bean
        CacheScopes other(@Qualifier("otherManager") CacheManager manager) {
            return new CacheScopes(manager);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithPrimaryOthers {

        @Bean
        @Primary
        CacheScopes other(@Qualifier("otherManager") CacheManager manager) {
            return new CacheScopes(manager);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NamedAsAParameterMightBe {

        @Bean
        CacheScopes scopes(@Qualifier("oneManager") CacheManager manager) {
            return new CacheScopes(manager);
        }
    }

    @Test
    void theScopesOfTheApplicationNeedNoOneManager() {
        runner.withUserConfiguration(OfTwoManagers.class, ScopedBeansTests.Application.class)
                .run(context -> {
                    assertThat(context.getBean(Reports.class).make())
                            .doesNotExist()
                            .startsWithRaw(root.toRealPath().resolve("one"));
                    context.getBean("one", CacheScopes.class)
                            .run(() -> assertThat(context.getBean(ScopedBeansTests.User.class)
                                            .work()
                                            .path())
                                    .isDirectory());
                });
    }

    @Test
    void ofSeveralScopesThePrimaryOnesCount() {
        runner.withUserConfiguration(OfTwoManagers.class, WithPrimaryOthers.class, ScopedBeansTests.Application.class)
                .run(context -> {
                    assertThat(context.getBean(Reports.class).make())
                            .doesNotExist()
                            .startsWithRaw(root.toRealPath().resolve("other"));
                    context.getBean("other", CacheScopes.class)
                            .run(() -> assertThat(context.getBean(ScopedBeansTests.User.class)
                                            .work()
                                            .path())
                                    .isDirectory());
                });
    }

    @Test
    void ofSeveralScopesNoneOfWhichIsPrimaryTheApplicationStartsAndIsToldWhatIsMissing() {
        runner.withUserConfiguration(OfTwoManagers.class, WithOthers.class, ScopedBeansTests.Application.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThatIsToldOf("[one, other]", context.getBean(Reports.class)::make);
                    CacheScopes other = context.getBean("other", CacheScopes.class);
                    other.run(() -> {
                        assertThat(other.directory().path()).isDirectory();
                        assertThatIsToldOf("[one, other]", context.getBean(CacheDirectory.class)::path);
                    });
                });
    }

    @Test
    void ofSeveralScopesNoneIsTakenForItsName() {
        runner.withUserConfiguration(
                        OfTwoManagers.class, NamedAsAParameterMightBe.class, ScopedBeansTests.Application.class)
                .run(context -> {
                    assertThatIsToldOf("[one, scopes]", context.getBean(Reports.class)::make);
                    context.getBean("scopes", CacheScopes.class)
                            .run(() ->
                                    assertThatIsToldOf("[one, scopes]", context.getBean(CacheDirectory.class)::path));
                });
    }

    private static void assertThatIsToldOf(String names, ThrowableAssert.ThrowingCallable use) {
        assertThatIllegalStateException()
                .isThrownBy(use)
                .withMessageContaining("there are several: " + names)
                .withMessageContaining("@Primary");
    }
}
