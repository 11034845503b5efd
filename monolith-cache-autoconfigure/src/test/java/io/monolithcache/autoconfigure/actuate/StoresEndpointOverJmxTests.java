// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.monolithcache.store.Content;
import io.monolithcache.store.Store;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanOperationInfo;
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

class StoresEndpointOverJmxTests {

    private static final String DOMAIN = "io.monolithcache.test";
    private static final String ABSENT = "0".repeat(64);

    @TempDir
    Path root;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private ConfigurableApplicationContext context;
    private Store store;

    @BeforeEach
    void start() {
        start("management.endpoint.cachestores.show-values=when-authorized");
    }

    private void start(String property) {
        context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.main.banner-mode=off",
                        "--spring.jmx.enabled=true",
                        "--management.endpoints.jmx.domain=" + DOMAIN,
                        "--management.endpoints.jmx.exposure.include=cachestores",
                        "--monolith.cache.local.path=" + root,
                        "--" + property);
        store = context.getBean(Store.class);
    }

    private void restart(String property) {
        context.close();
        start(property);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    private String put(String key) {
        store.put(key, Content.of(new byte[1]), Set.of("red"));
        return store.entries()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .orElseThrow()
                .hash();
    }

    @Test
    void everyOperationHasItsNameAndItsParameters() throws JMException {
        assertThat(Stream.of(server.getMBeanInfo(name()).getOperations()).map(StoresEndpointOverJmxTests::signature))
                .containsExactlyInAnyOrder(
                        "stores()",
                        "store(String store, Integer limit, String after, String prefix, String tag)",
                        "entry(String store, String key)",
                        "changeLock(String store, String key, Boolean locked)",
                        "evict(String store, String key, Boolean dryRun)",
                        "evictAll(String store, Boolean dryRun, String prefix, String tag)");
    }

    private static String signature(MBeanOperationInfo operation) {
        List<String> parameters = Arrays.stream(operation.getSignature())
                .map(parameter -> parameter.getType().replace("java.lang.", "") + " " + parameter.getName())
                .toList();
        return operation.getName() + "(" + String.join(", ", parameters) + ")";
    }

    @Test
    void storesAreListed() throws JMException {
        assertThat(invoke("stores"))
                .extractingByKey("stores", LIST)
                .singleElement(MAP)
                .containsEntry("name", "files")
                .containsEntry("inUse", false);
    }

    @Test
    void entriesAreListedAndMasked() throws JMException {
        String hash = put("customer/Ada");

        assertThat(invoke("store", "files", null, null, null, "red"))
                .extractingByKey("entries", LIST)
                .singleElement(MAP)
                .containsEntry("hash", hash)
                .containsEntry("key", "******")
                .containsEntry("tags", List.of("******"));
        assertThatExceptionOfType(ReflectionException.class)
                .isThrownBy(() -> invoke("store", "files", null, null, "customer", null))
                .withMessageContaining("Keys are masked");
    }

    @Test
    void valuesAreShownWhereTheyAlwaysAre() throws JMException {
        restart("management.endpoint.cachestores.show-values=always");
        String hash = put("customer/Ada");

        assertThat(invoke("entry", "files", hash)).containsEntry("key", "customer/Ada");
        assertThat(invoke("store", "files", 1, null, "customer", null)).containsEntry("next", hash);
    }

    @Test
    void anEntryIsLockedKeptUnlockedAndEvicted() throws JMException {
        String hash = put("a");

        assertThat(invoke("changeLock", "files", hash, true)).containsEntry("locked", true);
        assertThatExceptionOfType(MBeanException.class)
                .isThrownBy(() -> invoke("evict", "files", hash, false))
                .withMessageContaining("is locked. Unlock it first");
        assertThat(invoke("changeLock", "files", hash, false)).containsEntry("locked", false);
        assertThat(invoke("evict", "files", hash, true)).containsEntry("dryRun", true);
        assertThat(store.contains("a")).isTrue();
        assertThat(invoke("evict", "files", hash, null)).containsEntry("dryRun", false);
        assertThat(store.contains("a")).isFalse();
    }

    @Test
    void allAreEvicted() throws JMException {
        String unused = put("a");

        assertThat(invoke("evictAll", "files", null, null, null)).containsKeys("entries", "kept");
        assertThat(store.status().entries()).isZero();
    }

    @Test
    void whatIsAbsentIsToldToBeAbsent() {
        assertThatExceptionOfType(MBeanException.class)
                .isThrownBy(() -> invoke("entry", "files", ABSENT))
                .withMessageContaining("There is no entry");
        assertThatExceptionOfType(MBeanException.class)
                .isThrownBy(() -> invoke("entry", "other", ABSENT))
                .withMessageContaining("There is no such store; there are [files]");
    }

    @Test
    void aKeyThatAttacksIsRefused() {
        assertThatExceptionOfType(ReflectionException.class)
                .isThrownBy(() -> invoke("evict", "files", "../../etc", null))
                .withMessageContaining("Not the hash of an entry");
    }

    @Test
    void withReadOnlyAccessNothingCanBeChanged() throws JMException {
        restart("management.endpoint.cachestores.access=read-only");
        assertThat(server.getMBeanInfo(name()).getOperations())
                .extracting(MBeanOperationInfo::getName)
                .containsExactlyInAnyOrder("stores", "store", "entry");
    }

    private Map<String, Object> invoke(String operation, Object... arguments) throws JMException {
        Map<String, Object> result = new LinkedHashMap<>();
        ((Map<?, ?>) server.invoke(name(), operation, arguments, new String[0]))
                .forEach((key, value) -> result.put((String) key, value));
        return result;
    }

    private static ObjectName name() throws JMException {
        return new ObjectName(DOMAIN + ":type=Endpoint,name=Cachestores");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
