// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.CacheScopesAutoConfiguration;
import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.web.CacheRequestFilter;
import jakarta.servlet.DispatcherType;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

class CacheServletAutoConfigurationTests {

    @TempDir
    Path root;

    private WebApplicationContextRunner servlet() {
        return new WebApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("monolith.cache.local.path=" + root);
    }

    @Test
    void theFilterIsTheOutermostAndSeesEveryDispatch() {
        servlet().run(context -> {
            FilterRegistrationBean<?> filter = context.getBean("cacheRequestFilter", FilterRegistrationBean.class);
            assertThat(filter.getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE);
            assertThat(filter.isAsyncSupported()).isTrue();
            assertThat(filter.getUrlPatterns()).isEmpty();
            assertThat(filter.determineDispatcherTypes())
                    .isEqualTo(EnumSet.complementOf(EnumSet.of(DispatcherType.FORWARD)));
        });
    }

    @Test
    void aFilterOfTheApplicationTakesItsPlace() {
        servlet()
                .withUserConfiguration(OwnFilter.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(FilterRegistrationBean.class)
                        .hasBean("own")
                        .hasBean("cacheRequestValveCustomizer"));
    }

    @Test
    void thereIsNothingWithoutTheManager() {
        servlet()
                .withPropertyValues("monolith.cache.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(FilterRegistrationBean.class)
                        .doesNotHaveBean("cacheWebMvcConfigurer")
                        .doesNotHaveBean("cacheRequestValveCustomizer"));
    }

    @Test
    void thereIsNothingInAnApplicationWithoutAWebServer() {
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("monolith.cache.local.path=" + root)
                .run(context -> assertThat(context)
                        .hasSingleBean(CacheScopes.class)
                        .doesNotHaveBean(FilterRegistrationBean.class)
                        .doesNotHaveBean("cacheWebMvcConfigurer")
                        .doesNotHaveBean("cacheWebFluxConfigurer")
                        .doesNotHaveBean("cacheRequestValveCustomizer"));
    }

    @Test
    void aReactiveApplicationHasItsOwn() {
        new ReactiveWebApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("monolith.cache.local.path=" + root)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(FilterRegistrationBean.class)
                        .hasBean("cacheExchangeDecorator")
                        .hasBean("cacheWebFluxConfigurer"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.apache.catalina", "org.springframework.boot.tomcat"})
    void withoutTomcatThereIsNoValve(String absent) {
        servlet()
                .withClassLoader(new FilteredClassLoader(absent))
                .run(context -> assertThat(context)
                        .hasSingleBean(FilterRegistrationBean.class)
                        .doesNotHaveBean("cacheRequestValveCustomizer"));
    }

    @Test
    void withoutSpringMvcThereIsStillTheFilter() {
        servlet()
                .withClassLoader(new FilteredClassLoader("org.springframework.web.servlet"))
                .run(context -> assertThat(context)
                        .hasSingleBean(FilterRegistrationBean.class)
                        .doesNotHaveBean("cacheWebMvcConfigurer"));
    }

    /** Imports by name, as an application does: given as classes, they would be read with all their annotations. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        MonolithCacheAutoConfiguration.class,
        CacheScopesAutoConfiguration.class,
        CacheServletAutoConfiguration.class,
        CacheTomcatAutoConfiguration.class,
        CacheWebMvcAutoConfiguration.class,
        CacheWebFluxAutoConfiguration.class
    })
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    static class OwnFilter {

        @Bean
        FilterRegistrationBean<CacheRequestFilter> own(CacheScopes scopes) {
            return new FilterRegistrationBean<>(new CacheRequestFilter(scopes));
        }
    }
}
