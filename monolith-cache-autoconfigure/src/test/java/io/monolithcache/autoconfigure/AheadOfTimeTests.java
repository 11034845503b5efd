// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.actuate.CacheDirectoriesEndpointAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheDirectoryDescriptor;
import io.monolithcache.autoconfigure.actuate.CacheDirectoryPage;
import io.monolithcache.autoconfigure.actuate.CacheEvictionDescriptor;
import io.monolithcache.autoconfigure.actuate.CacheSweepDescriptor;
import io.monolithcache.autoconfigure.actuate.EndpointProblem;
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
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.io.InputStreamSource;
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

    private RuntimeHints process(Class<?> application) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of(
                            "monolith.cache.local.path=" + root,
                            "management.endpoints.web.exposure.include=cachedirectories")
                    .applyTo(context);
            context.register(application);
            DefaultGenerationContext generation =
                    new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(application)), files);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            return generation.getRuntimeHints();
        }
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
