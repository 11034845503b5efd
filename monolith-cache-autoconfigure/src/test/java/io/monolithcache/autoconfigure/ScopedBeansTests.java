// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.scope.CacheBeanScope;
import io.monolithcache.scope.CacheScope;
import io.monolithcache.scope.CacheScopes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.SimpleThreadScope;

/** Beans that live in scopes, and beans whose methods run in them. */
class ScopedBeansTests extends ContextsOnOneRoot {

    private ApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = contextsWith(CacheScopesAutoConfiguration.class, AopAutoConfiguration.class)
                .withUserConfiguration(Application.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        Reports reports(CacheDirectory directory) {
            return new Reports(directory);
        }

        @Bean
        List<String> events() {
            return new CopyOnWriteArrayList<>();
        }

        @Bean
        @CacheScope
        Work work(CacheDirectory directory, List<String> events) {
            return new Work(directory, events);
        }

        @Bean
        User user(Work work) {
            return new User(work);
        }
    }

    static class Work implements DisposableBean {

        private final CacheDirectory directory;
        private final List<String> events;

        Work(CacheDirectory directory, List<String> events) {
            this.directory = directory;
            this.events = events;
        }

        Path path() {
            return directory.path();
        }

        @Override
        public void destroy() {
            events.add("destroyed " + Files.isDirectory(directory.path()));
        }
    }

    record User(Work work) {}

    @Test
    void theInjectedDirectoryIsTheInnermostScopes() {
        runner.run(context -> {
            Reports reports = context.getBean(Reports.class);
            context.getBean(CacheScopes.class).run(() -> {
                Path outer = reports.make();
                assertThat(outer).isDirectory();
                assertThat(reports.makeApart()).isNotEqualTo(outer).doesNotExist();
            });
        });
    }

    @Test
    void methodsRunInScopes() {
        runner.run(context -> assertThat(context.getBean(Reports.class).make()).doesNotExist());
    }

    /** As with {@code @Async}: Boot prefers proxies of classes, and an application injects by either type. */
    @Test
    void beansAreProxiedAsBootProxies() {
        runner.run(context ->
                assertThat(AopUtils.isCglibProxy(context.getBean(Maker.class))).isTrue());
        runner.withPropertyValues("spring.aop.proxy-target-class=false")
                .run(context -> assertThat(AopUtils.isJdkDynamicProxy(context.getBean(Maker.class)))
                        .isTrue());
    }

    @Test
    void beansLiveInScopes() {
        runner.run(context -> {
            Work work = context.getBean(User.class).work();
            context.getBean(CacheScopes.class).run(() -> {
                Path path = work.path();
                assertThat(path).isDirectory();
                context.getBean(CacheScopes.class)
                        .run(() -> assertThat(work.path()).isNotEqualTo(path));
                assertThat(work.path()).isEqualTo(path);
            });
            assertThat((List<?>) context.getBean("events"))
                    .map(String::valueOf)
                    .containsExactly("destroyed true", "destroyed true");
        });
    }

    @Test
    void aScopeOfThatNameThatTheApplicationHasIsKept() {
        SimpleThreadScope ours = new SimpleThreadScope();
        runner.withInitializer(context -> context.getBeanFactory().registerScope(CacheBeanScope.NAME, ours))
                .run(context -> assertThat(context.getSourceApplicationContext(AnnotationConfigApplicationContext.class)
                                .getBeanFactory()
                                .getRegisteredScope(CacheBeanScope.NAME))
                        .isSameAs(ours));
    }

    @Test
    void beansOfAChildContextHaveScopesToo() {
        contextsWith(CacheScopesAutoConfiguration.class, AopAutoConfiguration.class)
                .run(parent -> runner.withParent(parent)
                        .run(child ->
                                assertThat(child.getBean(Reports.class).make()).doesNotExist()));
    }
}
