// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.actuate.CacheDirectoriesEndpointAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheDirectoryDescriptor;
import io.monolithcache.autoconfigure.actuate.CacheDirectoryPage;
import io.monolithcache.autoconfigure.actuate.CacheEvictionDescriptor;
import io.monolithcache.autoconfigure.actuate.CacheSweepDescriptor;
import io.monolithcache.autoconfigure.actuate.EndpointProblem;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.scope.CacheScope;
import io.monolithcache.scope.CacheScopes;
import io.monolithcache.scope.InCacheScope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.InputStreamSource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.Compiled;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

class AheadOfTimeTests {

    @TempDir
    Path root;

    private final InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();

    @Test
    void thePropertiesCanBeBoundInANativeImage() {
        RuntimeHints hints = process(Application.class);
        assertThat(List.of(
                        MonolithCacheProperties.class,
                        MonolithCacheProperties.Local.class,
                        MonolithCacheProperties.Directories.class))
                .allSatisfy(type -> assertThat(RuntimeHintsPredicates.reflection()
                                .onConstructorInvocation(type.getDeclaredConstructors()[0]))
                        .accepts(hints));
    }

    @Test
    void theAnswersOfTheEndpointCanBeWrittenInANativeImage() {
        RuntimeHints hints = process(WithEndpoint.class);
        assertThat(List.of(
                        CacheDirectoryPage.class,
                        CacheDirectoryDescriptor.class,
                        CacheSweepDescriptor.class,
                        CacheEvictionDescriptor.class,
                        EndpointProblem.class))
                .allSatisfy(type -> assertThat(RuntimeHintsPredicates.reflection()
                                .onMethodInvocation(type, type.getRecordComponents()[0].getName()))
                        .accepts(hints));
    }

    @Test
    void noPropertyOfTheBuildIsFrozen() {
        process(WithEndpoint.class);
        Map<String, InputStreamSource> sources = files.getGeneratedFiles(GeneratedFiles.Kind.SOURCE);
        assertThat(sources.keySet()).anyMatch(name -> name.contains("MonolithCacheAutoConfiguration"));
        assertThat(sources)
                .allSatisfy((name, source) -> assertThat(content(source)).doesNotContain(root.toString()));
    }

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

    @SuppressWarnings("unchecked") // an initializer takes any context
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

    private RuntimeHints process(Class<?> application) {
        DefaultGenerationContext generation =
                new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(application)), files);
        try (AnnotationConfigApplicationContext context = context(application)) {
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            return generation.getRuntimeHints();
        }
    }

    private AnnotationConfigApplicationContext context(Class<?> application) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        TestPropertyValues.of(
                        "monolith.cache.local.path=" + root,
                        "management.endpoints.web.exposure.include=cachedirectories")
                .applyTo(context);
        context.register(application);
        return context;
    }

    private static String content(InputStreamSource source) {
        try (InputStream content = source.getInputStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(MonolithCacheAutoConfiguration.class)
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({MonolithCacheAutoConfiguration.class, CacheDirectoriesEndpointAutoConfiguration.class})
    static class WithEndpoint {}
}
