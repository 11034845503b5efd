// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.scope.CacheScope;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.InCacheScope;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.Compiled;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

/** Scopes of an application that was processed ahead of time. */
class CacheScopesAheadOfTimeTests {

    @TempDir
    Path root;

    /** Scoped proxies, methods in scopes and the injected directory, from generated code. */
    @Test
    @CompileWithForkedClassLoader
    void scopesWorkInAContextThatWasProcessedAhead() {
        TestGenerationContext generation = new TestGenerationContext(WithScopes.class);
        try (AnnotationConfigApplicationContext context = context(WithScopes.class)) {
            ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            TestCompiler.forSystem()
                    .with(generation)
                    .compile(compiled -> runs(initializer(compiled, initializer.reflectionName())));
        }
    }

    @SuppressWarnings("unchecked") // asked for by name, so its type is raw; it takes any GenericApplicationContext
    private static ApplicationContextInitializer<GenericApplicationContext> initializer(
            Compiled compiled, String name) {
        return compiled.getInstance(ApplicationContextInitializer.class, name);
    }

    private void runs(ApplicationContextInitializer<GenericApplicationContext> initializer) {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            TestPropertyValues.of("monolith.cache.local.path=" + root).applyTo(context);
            initializer.initialize(context);
            context.refresh();
            Desk desk = context.getBean(Desk.class);
            assertThat(desk.path()).doesNotExist();
            context.getBean(CacheScopes.class).run(() -> {
                assertThat(desk.path())
                        .isEqualTo(context.getBean(Work.class).path())
                        .isEqualTo(context.getBean(CacheDirectory.class).path())
                        .isDirectory();
            });
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({MonolithCacheAutoConfiguration.class, CacheScopesAutoConfiguration.class})
    static class WithScopes {

        @Bean
        @CacheScope
        Work work(CacheDirectory directory) {
            return new Work(directory);
        }

        @Bean
        Desk desk(Work work) {
            return new Desk(work);
        }
    }

    static class Work {

        private final CacheDirectory directory;

        Work(CacheDirectory directory) {
            this.directory = directory;
        }

        Path path() {
            return directory.path();
        }
    }

    static class Desk {

        private final Work work;

        Desk(Work work) {
            this.work = work;
        }

        @InCacheScope
        Path path() {
            return work.path();
        }
    }

    private AnnotationConfigApplicationContext context(Class<?> application) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.register(application);
        return context;
    }
}
