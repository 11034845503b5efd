// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.autoconfigure.actuate.CacheDirectoriesEndpointAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheHealthAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheMetricsAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheObservationAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheStoreMetricsAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheStoresEndpointAutoConfiguration;
import io.monolithcache.autoconfigure.redis.CacheRedisAutoConfiguration;
import io.monolithcache.autoconfigure.web.CacheServletAutoConfiguration;
import io.monolithcache.autoconfigure.web.CacheTomcatAutoConfiguration;
import io.monolithcache.autoconfigure.web.CacheWebFluxAutoConfiguration;
import io.monolithcache.autoconfigure.web.CacheWebMvcAutoConfiguration;
import io.monolithcache.directory.CacheManager;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;

/** What an application need not have on its class path. */
class OptionalTechnologiesTests {

    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.boot.actuate",
                "org.springframework.boot.health",
                "io.micrometer",
                "io.micrometer.core",
                "org.springframework.boot.webmvc",
                "org.springframework.boot.webflux",
                "org.springframework.web",
                "org.springframework.http",
                "org.springframework.jmx",
                "jakarta.servlet",
                "org.apache.catalina",
                "org.eclipse.jetty",
                "reactor",
                "io.lettuce",
                "org.springframework.data",
                "org.springframework.boot.data",
                "tools.jackson.databind",
                "com.github.benmanes.caffeine"
            })
    void withoutOneOfThemThereIsAManager(String packageName) {
        runner().withClassLoader(new FilteredClassLoader(packageName))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(CacheManager.class));
    }

    @Test
    void withoutTheActuatorThereIsNoEndpoint() {
        runner().withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> assertThat(context).doesNotHaveBean("cacheDirectoriesEndpoint"));
    }

    @Test
    void withoutAnyOfThemThereIsAManager() {
        runner().withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate",
                        "org.springframework.boot.webmvc",
                        "org.springframework.boot.webflux",
                        "org.springframework.boot.health",
                        "org.springframework.web",
                        "org.springframework.http",
                        "jakarta",
                        "reactor",
                        "io.lettuce",
                        "org.springframework.data",
                        "org.springframework.boot.data",
                        "io.micrometer",
                        "com.fasterxml.jackson",
                        "tools.jackson.databind"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(CacheManager.class));
    }

    @Test
    void withoutSqliteWhoHasFilesIsToldWhichToAdd() {
        ApplicationContextRunner without = runner().withClassLoader(new FilteredClassLoader("org.sqlite"));
        without.run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(InvalidCacheSettingsException.class)
                .hasMessageContaining("'monolith.cache.files.index' is 'sqlite', but SQLite is not on the class path")
                .hasMessageContaining("Add " + FileStoreSettings.SQLITE));
        for (String property : new String[] {"index=json", "index=csv", "enabled=false"}) {
            without.withPropertyValues("monolith.cache.files." + property)
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void withoutCaffeineWhoAsksForMemoryIsToldWhichToAdd() {
        runner().withClassLoader(new FilteredClassLoader("com.github.benmanes.caffeine"))
                .withPropertyValues("monolith.cache.files.memory=64MB")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining("'monolith.cache.files.memory' is 67108864B, but Caffeine is not")
                        .hasMessageContaining("Add " + FileStoreSettings.CAFFEINE));
    }

    @Test
    void withoutTheAwsSdkWhoAsksForAnArchiveInS3IsToldWhichToAdd() {
        runner().withClassLoader(new FilteredClassLoader("software.amazon.awssdk"))
                .withPropertyValues(
                        "monolith.cache.files.archive.type=s3",
                        "monolith.cache.files.archive.location=s3://bucket/files")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("'monolith.cache.files.archive.type' is 's3', but the AWS SDK is not")
                        .hasMessageContaining("Add io.awspring.cloud:spring-cloud-aws-starter-s3:4."));
    }

    /** They are told where the jars are missing, so nothing else can tell them. */
    @Test
    void theVersionsThatAreToldAreThoseThatAreTested() {
        for (String coordinates : new String[] {FileStoreSettings.SQLITE, FileStoreSettings.CAFFEINE}) {
            String[] parts = StringUtils.delimitedListToStringArray(coordinates, ":");
            assertThat(System.getProperty("java.class.path")).contains("/" + parts[1] + "-" + parts[2] + ".jar");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"host=redis", "enabled=true"})
    void withoutALibraryForRedisWhoAsksForItIsToldWhichToAdd(String property) {
        runner().withClassLoader(new FilteredClassLoader("io.lettuce"))
                .withPropertyValues("monolith.cache.redis." + property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining("not on the class path")
                        .hasMessageContaining("org.springframework.boot:spring-boot-starter-data-redis:4."));
    }

    @Test
    void withoutBootsModuleForRedisAHostIsNeeded() {
        ApplicationContextRunner without =
                runner().withClassLoader(new FilteredClassLoader("org.springframework.boot.data"));
        without.withPropertyValues("monolith.cache.redis.enabled=true")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining("'monolith.cache.redis.host' is not set")
                        .hasMessageContaining("org.springframework.boot:spring-boot-starter-data-redis:4."));
        without.withPropertyValues("monolith.cache.redis.host=127.0.0.1")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(CacheManager.class));
    }

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("monolith.cache.local.path=" + root, "management.endpoints.web.exposure.include=*");
    }

    /** Imports by name, as an application does: given as classes, they would be read with all their annotations. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        MonolithCacheAutoConfiguration.class,
        CacheFilesAutoConfiguration.class,
        CacheStoresEndpointAutoConfiguration.class,
        CacheStoreMetricsAutoConfiguration.class,
        CacheDirectoriesEndpointAutoConfiguration.class,
        CacheHealthAutoConfiguration.class,
        CacheMetricsAutoConfiguration.class,
        CacheObservationAutoConfiguration.class,
        CacheRedisAutoConfiguration.class,
        CacheScopesAutoConfiguration.class,
        CacheServletAutoConfiguration.class,
        CacheTomcatAutoConfiguration.class,
        CacheWebMvcAutoConfiguration.class,
        CacheWebFluxAutoConfiguration.class
    })
    static class Application {}
}
