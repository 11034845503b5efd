// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration;
import io.monolithcache.autoconfigure.redis.CacheRedisAutoConfiguration;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.redis.RedisServer;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** What two applications see of each other that share a Redis: with a root in common, and with one each. */
@Timeout(120)
class EndpointWithRedisTests {

    @TempDir
    Path folder;

    @TempDir
    Path root;

    @TempDir
    Path otherRoot;

    private final List<ConfigurableApplicationContext> applications = new ArrayList<>();
    private RedisServer server;

    @BeforeEach
    void start() {
        server = RedisServer.start(folder);
    }

    @AfterEach
    void stop() {
        applications.forEach(ConfigurableApplicationContext::close);
        server.close();
    }

    private CacheManager application(Path where) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .run(
                        "--monolith.cache.local.path=" + where,
                        "--monolith.cache.redis.host=127.0.0.1",
                        "--monolith.cache.redis.port=" + server.port());
        applications.add(context);
        return context.getBean(CacheManager.class);
    }

    private static CacheDirectoriesEndpoint endpoint(CacheManager manager) {
        return new CacheDirectoriesEndpoint(manager, Show.ALWAYS);
    }

    @Test
    void anOwnerIsShownWithHostProcessAndTime() throws Exception {
        CacheManager manager = application(root);
        CacheDirectory directory = manager.create();

        CacheDirectoryDescriptor shown =
                endpoint(manager).directory(directory.id().value());

        assertThat(shown.owners())
                .singleElement()
                .satisfies(owner -> assertThat(owner)
                        .containsOnlyKeys("name", "host", "pid", "since")
                        .containsEntry("host", InetAddress.getLocalHost().getHostName())
                        .containsEntry("pid", ProcessHandle.current().pid())
                        .hasEntrySatisfying(
                                "since", since -> assertThat((Instant) since).isBefore(Instant.now())));
    }

    @Test
    void whatIsMaskedIsMaskedWithItsHost() {
        CacheManager manager = application(root);
        CacheDirectory directory = manager.create();

        CacheDirectoryDescriptor shown = new CacheDirectoriesEndpoint(manager, Show.NEVER)
                .directory(directory.id().value());

        assertThat(shown.owners())
                .containsExactly(Map.of("name", "******", "host", "******", "pid", "******", "since", "******"));
    }

    @Test
    void withARootInCommonBothAreOwners() {
        CacheManager one = application(root);
        CacheManager other = application(root);
        CacheDirectory directory = one.create();
        other.attach(directory.id());

        assertThat(endpoint(other).directory(directory.id().value())).satisfies(shown -> {
            assertThat(shown.references()).isEqualTo(2);
            assertThat(shown.owners()).hasSize(2);
            assertThat(shown.sizeInBytes()).isNotNull();
        });
    }

    @Test
    void aDirectoryOfAnotherRootIsListedWithItsLocation() {
        CacheManager one = application(root);
        CacheManager other = application(otherRoot);
        other.create();
        CacheDirectory elsewhere = one.create();

        assertThat(endpoint(other).directories(null, null).directories())
                .hasSize(2)
                .filteredOn(shown -> shown.id().equals(elsewhere.id().value()))
                .singleElement()
                .satisfies(shown -> assertThat(shown.location()).isEqualTo(elsewhere.location()));
    }

    @Test
    void aDirectoryOfAnotherRootIsShownWithItsOwnersAndNotLookedInto() {
        CacheManager one = application(root);
        CacheManager other = application(otherRoot);
        other.create();
        CacheDirectory elsewhere = one.create();

        CacheDirectoryDescriptor shown =
                endpoint(other).directory(elsewhere.id().value());

        assertThat(shown.location()).isEqualTo(elsewhere.location());
        assertThat(shown.owners()).hasSize(1);
        assertThat(shown.sizeInBytes()).isNull();
        assertThat(shown.files()).isNull();
    }

    @Test
    void aDirectoryOfAnotherRootIsNotChangedAndItsLocationTold() {
        CacheManager one = application(root);
        CacheManager other = application(otherRoot);
        CacheDirectory elsewhere = one.create();
        String id = elsewhere.id().value();
        CacheDirectoriesEndpointWebExtension web =
                new CacheDirectoriesEndpointWebExtension(endpoint(other), Show.ALWAYS, Set.of());

        assertThat(Stream.of(
                        web.evict(SecurityContext.NONE, id, null),
                        web.evict(SecurityContext.NONE, id, "true"),
                        web.changeLock(SecurityContext.NONE, id, "true", null),
                        web.changeLock(SecurityContext.NONE, id, "false", null)))
                .allSatisfy(answer -> {
                    assertThat(answer.getStatus()).isEqualTo(404);
                    assertThat(answer.getBody())
                            .asInstanceOf(InstanceOfAssertFactories.type(EndpointProblem.class))
                            .extracting(EndpointProblem::detail)
                            .asString()
                            .contains("not in this root", elsewhere.location().toString());
                });

        assertThat(endpoint(one).directory(id)).satisfies(shown -> {
            assertThat(shown.locked()).isFalse();
            assertThat(shown.references()).isEqualTo(1);
        });
    }

    @Test
    void aDirectoryThatIsNowhereIsNotFound() {
        CacheManager manager = application(root);
        CacheDirectory directory = manager.create();
        directory.close();

        assertThatExceptionOfType(CacheNotFoundException.class)
                .isThrownBy(() -> endpoint(manager).directory(directory.id().value()));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({MonolithCacheAutoConfiguration.class, CacheRedisAutoConfiguration.class})
    static class Application {}
}
