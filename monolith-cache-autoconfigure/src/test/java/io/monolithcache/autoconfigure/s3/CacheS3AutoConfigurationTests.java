// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.monolithcache.autoconfigure.CacheScopesAutoConfiguration;
import io.monolithcache.autoconfigure.InvalidCacheSettingsException;
import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheHealthAutoConfiguration;
import io.monolithcache.autoconfigure.actuate.CacheMetricsAutoConfiguration;
import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.directory.s3.S3Progress;
import io.monolithcache.directory.s3.S3Server;
import io.monolithcache.scope.CacheScopes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Over a real S3, what the properties of a run make of an application. */
@Timeout(120)
@ExtendWith(S3Server.Started.class)
class CacheS3AutoConfigurationTests {

    private static S3Server server;

    @TempDir
    Path root;

    private String bucket;
    private ApplicationContextRunner runner;

    @BeforeAll
    static void takeServer(S3Server started) {
        server = started;
    }

    @BeforeEach
    void runner() {
        bucket = server.bucket();
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MonolithCacheAutoConfiguration.class,
                        CacheS3AutoConfiguration.class,
                        CacheMetricsAutoConfiguration.class,
                        CacheHealthAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("monolith.cache.local.path=" + root);
    }

    private ApplicationContextRunner withClient() {
        return runner.withBean(S3Client.class, server::client);
    }

    private ApplicationContextRunner withBucket() {
        return withClient()
                .withPropertyValues(
                        "monolith.cache.storage=s3", "monolith.cache.s3.path=s3://" + bucket + "/some/prefix");
    }

    /** The keys of all that is in the bucket, below the prefix. */
    private List<String> keys() {
        try (S3Client client = server.client()) {
            return client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
                    .map(object -> object.key().substring("some/prefix/".length()))
                    .toList();
        }
    }

    private static void write(CacheDirectory directory, String name, String text) {
        try (OutputStream out = directory.resource(name).getOutputStream()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void newDirectoriesLiveInTheBucketAndGoBeforeTheClientIsClosed() {
        withBucket().run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);
            CacheDirectory directory = manager.create(CacheOptions.defaults().metadata("colour", "green"));
            write(directory, "a.txt", "text");

            assertThat(directory.location())
                    .isEqualTo(URI.create("s3://" + bucket + "/some/prefix/caches/" + directory.id() + "/"));
            assertThat(keys()).contains("caches/" + directory.id() + "/a.txt");
            assertThat(directory.download("a.txt")).hasContent("text").startsWith(root.toRealPath());
            assertThat(manager.storages()).containsExactly("s3", "local");
            assertThat(manager.registryStatus().name()).isEqualTo("s3");
            assertThat(manager.registryStatus("local").name()).isEqualTo("file");
        });

        assertThat(keys()).isNotEmpty().noneMatch(key -> key.startsWith("caches/"));
        assertThat(root.resolve("monolith-cache/caches")).isEmptyDirectory();
    }

    @Test
    void directoriesInABucketAreBesideThoseOfTheDisk() {
        withClient()
                .withPropertyValues("monolith.cache.s3.path=s3://" + bucket + "/some/prefix")
                .run(context -> {
                    CacheManager manager = context.getBean(CacheManager.class);
                    try (CacheDirectory local = manager.create();
                            CacheDirectory remote =
                                    manager.create(CacheOptions.defaults().storage("s3"))) {
                        assertThat(local.location()).hasScheme("file");
                        assertThat(remote.location()).hasScheme("s3");
                        assertThat(manager.list(null, 10))
                                .extracting(description -> description.storage() + " " + description.id())
                                .containsExactly("local " + local.id(), "s3 " + remote.id());
                    }
                });
    }

    @Test
    void scopesMayHaveTheirDirectoriesElsewhere() {
        withBucket()
                .withConfiguration(AutoConfigurations.of(CacheScopesAutoConfiguration.class))
                .withPropertyValues("monolith.cache.scopes.storage=local")
                .run(context -> {
                    CacheScopes scopes = context.getBean(CacheScopes.class);
                    assertThat(scopes.call(() -> scopes.directory().location())).hasScheme("file");
                });
        runner.withConfiguration(AutoConfigurations.of(CacheScopesAutoConfiguration.class))
                .withPropertyValues("monolith.cache.scopes.storage=s3")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining("there is only 'local'"));
    }

    @Test
    void theClientIsNotAskedForUnlessSomebodyWantsS3() {
        runner.withBean(
                        S3Client.class,
                        () -> {
                            throw new IllegalStateException("Unable to load region");
                        },
                        definition -> definition.setLazyInit(true))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    context.getBean(CacheManager.class).create().close();
                });
    }

    @Test
    void withoutAClientItSaysWhatToAdd() {
        runner.withPropertyValues("monolith.cache.storage=s3", "monolith.cache.s3.path=s3://bucket/prefix")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining("there is no bean of type S3Client")
                        .hasMessageContaining("io.awspring.cloud:spring-cloud-aws-starter-s3"));
    }

    @Test
    void withoutTheSdkItSaysWhatToAddIfSomebodyWantsS3() {
        ApplicationContextRunner without = runner.withClassLoader(new FilteredClassLoader("software.amazon.awssdk"));

        without.run(context -> context.getBean(CacheManager.class).create().close());
        without.withPropertyValues("monolith.cache.s3.path=s3://bucket/prefix")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(InvalidCacheSettingsException.class)
                        .hasMessageContaining("the AWS SDK is not on the class path")
                        .hasMessageContaining("io.awspring.cloud:spring-cloud-aws-starter-s3:4.1.1"));
    }

    @Test
    void withS3DownItStartsSaysSoAndTheDiskWorks() {
        try (S3Client nobody = S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:1"))
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build()) {
            runner.withBean(S3Client.class, () -> nobody, definition -> definition.setDestroyMethodName(""))
                    .withPropertyValues("monolith.cache.storage=s3", "monolith.cache.s3.path=s3://bucket/prefix")
                    .run(context -> {
                        CacheManager manager = context.getBean(CacheManager.class);
                        assertThatExceptionOfType(CacheBackendException.class)
                                .isThrownBy(manager::create)
                                .withMessageContaining("s3://bucket/prefix/");
                        manager.create(CacheOptions.defaults().storage("local")).close();

                        Health health = context.getBean(HealthIndicator.class).health();
                        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                        assertThat(health.getDetails()).containsKeys("s3", "local");
                        assertThat(health.getDetails().get("local")).asString().contains("free=");
                        assertThat(health.getDetails().get("s3")).asString().contains("error=");
                    });
        }
    }

    @Test
    void healthShowsEachStorageByItsName() {
        withBucket().run(context -> {
            context.getBean(CacheManager.class).create();

            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails().keySet()).startsWith("s3", "local");
            assertThat(health.getDetails().get("s3"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("location", URI.create("s3://" + bucket + "/some/prefix/caches/"))
                    .containsEntry("inUse", true)
                    .hasEntrySatisfying(
                            "registry",
                            registry ->
                                    assertThat(registry).asString().contains("name=s3", "answeredIn=", "leaseAge="));
        });
    }

    @Test
    void requestsAndTransfersAreCounted() {
        withBucket().run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            context.getBeansOfType(MeterBinder.class).values().forEach(binder -> binder.bindTo(meters));
            assertThat(meters.find("monolith.cache.s3.requests").meters()).isEmpty();
            CacheDirectory directory = context.getBean(CacheManager.class).create();
            write(directory, "a.txt", "text");
            Path unused = directory.download("a.txt");

            assertThat(meters.get("monolith.cache.s3.requests")
                            .tag("operation", "getObject")
                            .tag("outcome", "success")
                            .timer()
                            .totalTime(TimeUnit.NANOSECONDS))
                    .isPositive();
            assertThat(meters.get("monolith.cache.s3.transferred")
                            .functionCounter()
                            .count())
                    .isEqualTo(8);
        });
    }

    @Test
    void beansHearHowFarTransfersAre() {
        List<Map.Entry<String, Long>> told = new CopyOnWriteArrayList<>();
        withBucket()
                .withBean(S3Progress.class, () -> (location, bytes, total) -> told.add(Map.entry(location, bytes)))
                .run(context -> {
                    CacheDirectory directory =
                            context.getBean(CacheManager.class).create();
                    write(directory, "a.txt", "text");

                    assertThat(told).containsExactly(Map.entry(directory.location() + "a.txt", 4L));
                });
    }

    @Test
    void theSettingsOfTheRunAreUsed() {
        withBucket()
                .withPropertyValues(
                        "monolith.cache.s3.lease=600ms",
                        "monolith.cache.s3.sweep-interval=0",
                        "monolith.cache.s3.connections=3",
                        "monolith.cache.s3.timeout=5s")
                .run(context -> {
                    CacheManager manager = context.getBean(CacheManager.class);
                    CacheDirectory held = manager.create();
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> keys().stream().anyMatch(key -> key.matches("owners/.*/0*[3-9]")));
                    assertThat(held.exists("a.txt")).isFalse();
                });
    }
}
