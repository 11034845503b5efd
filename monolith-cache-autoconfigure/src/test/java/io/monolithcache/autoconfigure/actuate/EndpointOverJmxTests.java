// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

class EndpointOverJmxTests {

    private static final String DOMAIN = "io.monolithcache.test";

    @TempDir
    Path root;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private ConfigurableApplicationContext context;
    private CacheManager manager;

    @BeforeEach
    void start() {
        start("management.endpoint.cachedirectories.show-values=when-authorized");
    }

    private void start(String property) {
        context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.main.banner-mode=off",
                        "--spring.jmx.enabled=true",
                        "--management.endpoints.jmx.domain=" + DOMAIN,
                        "--management.endpoints.jmx.exposure.include=cachedirectories",
                        "--monolith.cache.local.path=" + root,
                        "--" + property);
        manager = context.getBean(CacheManager.class);
    }

    private void restart(String property) {
        context.close();
        start(property);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    @Test
    void everyOperationHasItsNameAndItsParameters() throws JMException {
        assertThat(Stream.of(server.getMBeanInfo(name()).getOperations()).map(EndpointOverJmxTests::signature))
                .containsExactlyInAnyOrder(
                        "directories(java.lang.Integer limit, java.lang.String after)",
                        "directory(java.lang.String id)",
                        "changeLock(java.lang.String id, java.lang.Boolean locked, java.time.Duration atMost)",
                        "sweep()",
                        "evict(java.lang.String id, java.lang.Boolean force)");
    }

    private static String signature(MBeanOperationInfo operation) {
        return operation.getName()
                + Arrays.stream(operation.getSignature())
                        .map(EndpointOverJmxTests::parameter)
                        .toList()
                        .toString()
                        .replace('[', '(')
                        .replace(']', ')');
    }

    private static String parameter(MBeanParameterInfo parameter) {
        return parameter.getType() + " " + parameter.getName();
    }

    @Test
    void directoriesAreListedAndMasked() throws JMException {
        try (CacheDirectory directory = manager.create(CacheOptions.defaults().metadata("job", 42))) {
            assertThat(invoke("directories", null, null))
                    .extractingByKey("directories", LIST)
                    .singleElement(MAP)
                    .containsEntry("id", directory.id().value())
                    .containsEntry("metadata", Map.of("job", "******"));
        }
    }

    @Test
    void pagesFollowEachOther() throws JMException {
        try (CacheDirectory first = manager.create();
                CacheDirectory second = manager.create()) {
            String smaller = Stream.of(first, second)
                    .map(directory -> directory.id().value())
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            assertThat(invoke("directories", 1, null)).containsEntry("next", smaller);
            assertThat(invoke("directories", 2, smaller))
                    .extractingByKey("directories", LIST)
                    .hasSize(1);
        }
    }

    @Test
    void oneIsShownWithItsOwnersMasked() throws JMException {
        try (CacheDirectory directory = manager.create()) {
            assertThat(invoke("directory", directory.id().value()))
                    .containsEntry("references", 1)
                    .extractingByKey("owners", LIST)
                    .singleElement(MAP)
                    .containsEntry("pid", "******");
        }
    }

    @Test
    void valuesAreShownWhereTheyAlwaysAre() throws JMException {
        restart("management.endpoint.cachedirectories.show-values=always");
        try (CacheDirectory directory = manager.create(CacheOptions.defaults().metadata("job", 42))) {
            assertThat(invoke("directory", directory.id().value())).containsEntry("metadata", Map.of("job", 42));
        }
    }

    @Test
    void aDirectoryIsLockedForAWhileAndUnlocked() throws JMException {
        try (CacheDirectory directory = manager.create()) {
            assertThat(invoke("changeLock", directory.id().value(), true, Duration.ofHours(1)))
                    .containsEntry("locked", true)
                    .containsKey("lockedUntil");
            assertThat(invoke("changeLock", directory.id().value(), false, null))
                    .containsEntry("locked", false)
                    .containsEntry("wiped", false);
        }
    }

    @Test
    void aTimeMayBeATextSinceConsolesKnowNoDurations() throws JMException {
        try (CacheDirectory directory = manager.create()) {
            assertThat(invoke("changeLock", directory.id().value(), true, "PT1H"))
                    .containsKey("lockedUntil");
        }
    }

    @Test
    void aSweepReturnsItsReport() throws JMException {
        assertThat(invoke("sweep")).containsKeys("deadOwners", "directories", "duration");
    }

    @Test
    void anUnusedDirectoryIsEvicted() throws JMException {
        CacheDirectory directory = manager.create(CacheOptions.defaults().locked());
        directory.close();
        assertThat(invoke("evict", directory.id().value(), null)).containsEntry("forced", false);
        assertThat(manager.find(directory.id())).isEmpty();
    }

    @Test
    void aDirectoryInUseIsEvictedByForceOnly() throws JMException {
        try (CacheDirectory directory = manager.create()) {
            assertThatExceptionOfType(MBeanException.class)
                    .isThrownBy(() -> invoke("evict", directory.id().value(), false))
                    .withMessageContaining("is in use")
                    .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("process"))
                    .havingRootCause()
                    .satisfies(cause -> assertThat(cause.getMessage()).doesNotContain("process"));
            assertThat(invoke("evict", directory.id().value(), true)).containsEntry("forced", true);
        }
    }

    @Test
    void whoHoldsADirectoryIsToldWhereValuesAreShown() {
        restart("management.endpoint.cachedirectories.show-values=always");
        try (CacheDirectory directory = manager.create()) {
            assertThatExceptionOfType(MBeanException.class)
                    .isThrownBy(() -> invoke("evict", directory.id().value(), false))
                    .withMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void anAbsentDirectoryIsToldToBeAbsent() {
        assertThatExceptionOfType(MBeanException.class)
                .isThrownBy(() -> invoke("directory", "01k8xq7d3v9m2c4n6p8r0s1t5w"))
                .withMessageContaining("There is no cache");
    }

    @Test
    void anIdThatAttacksIsRefused() {
        assertThatExceptionOfType(ReflectionException.class)
                .isThrownBy(() -> invoke("evict", "../../etc", true))
                .withMessageContaining("Not a cache id");
    }

    @Test
    void withReadOnlyAccessNothingCanBeChanged() throws JMException {
        restart("management.endpoint.cachedirectories.access=read-only");
        assertThat(server.getMBeanInfo(name()).getOperations())
                .extracting(MBeanOperationInfo::getName)
                .containsExactlyInAnyOrder("directories", "directory");
    }

    private Map<String, Object> invoke(String operation, Object... arguments) throws JMException {
        Map<String, Object> result = new LinkedHashMap<>();
        ((Map<?, ?>) server.invoke(name(), operation, arguments, new String[0]))
                .forEach((key, value) -> result.put((String) key, value));
        return result;
    }

    private static ObjectName name() throws JMException {
        return new ObjectName(DOMAIN + ":type=Endpoint,name=Cachedirectories");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
