// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheManager;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.sqlite.JDBC;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * An application gets our beans and nothing else with the starter: every other bean, condition and HTTP converter is as
 * it was. Each application runs in a class loader of its own, with and without what the starter brings, because Spring
 * looks at the class path in static initializers, too.
 *
 * <p>One of our beans reaches into those of others: Boot composes every {@code TaskDecorator} for its executors. Ours
 * hands back each task itself where no scope is open ({@code ScopesAndThreadsTests} of the core), and steps back where
 * a decorator is injected ({@link ScopesOnBootsThreadsTests}).
 */
class NothingElseChangesTests {

    private static final Set<String> OUR_BEANS = Set.of(
            "bean monolithCacheManager",
            "bean monolithCacheEventPublisher",
            "bean monolith.cache-io.monolithcache.autoconfigure.MonolithCacheProperties",
            "bean io.monolithcache.autoconfigure.MonolithCacheAutoConfiguration",
            "bean fileCacheStore",
            "bean io.monolithcache.autoconfigure.CacheFilesAutoConfiguration",
            "bean cacheScopes",
            "bean monolithCacheScopeRegistrar",
            "bean monolithCacheScopePostProcessor",
            "bean monolithCacheScopeDirectory",
            "bean monolithCacheScopeTaskDecorator",
            "bean io.monolithcache.autoconfigure.CacheScopesAutoConfiguration");

    private static final Set<String> OUR_REDIS_BEANS = Set.of(
            "bean monolithCacheRedisRegistrySource",
            "bean monolithCacheApplicationRedis",
            "bean io.monolithcache.autoconfigure.redis.CacheRedisAutoConfiguration",
            "bean io.monolithcache.autoconfigure.redis.CacheRedisAutoConfiguration$WithBootsRedis");

    private static final Set<String> OUR_S3_BEANS = Set.of(
            "bean monolithCacheS3StorageSource", "bean io.monolithcache.autoconfigure.s3.CacheS3AutoConfiguration");

    private static final Set<String> OUR_SERVLET_BEANS = Set.of(
            "bean cacheRequestFilter",
            "bean io.monolithcache.autoconfigure.web.CacheServletAutoConfiguration",
            "bean cacheRequestValveCustomizer",
            "bean io.monolithcache.autoconfigure.web.CacheTomcatAutoConfiguration",
            "bean cacheWebMvcConfigurer",
            "bean io.monolithcache.autoconfigure.web.CacheWebMvcAutoConfiguration");

    private static final Set<String> OUR_REACTIVE_BEANS = Set.of(
            "bean cacheExchangeDecorator",
            "bean cacheWebFluxConfigurer",
            "bean io.monolithcache.autoconfigure.web.CacheWebFluxAutoConfiguration");

    private static final Set<String> OUR_ENDPOINT = Set.of(
            "bean monolithCacheDirectoryMetrics",
            "bean monolithCacheRedisMetrics",
            "bean monolithCacheS3Metrics",
            "bean io.monolithcache.autoconfigure.actuate.CacheMetricsAutoConfiguration",
            "bean monolithCacheHealthIndicator",
            "bean monolithCacheLastSweep",
            "bean io.monolithcache.autoconfigure.actuate.CacheHealthAutoConfiguration",
            "bean monolithCacheObservations",
            "bean io.monolithcache.autoconfigure.actuate.CacheObservationAutoConfiguration",
            "bean monolithCacheStoreMetrics",
            "bean io.monolithcache.autoconfigure.actuate.CacheStoreMetricsAutoConfiguration",
            "bean cacheStoresEndpoint",
            "bean cacheStoresEndpointWebExtension",
            "bean management.endpoint.cachestores-io.monolithcache.autoconfigure.actuate.CacheStoresEndpointProperties",
            "bean io.monolithcache.autoconfigure.actuate.CacheStoresEndpointAutoConfiguration",
            "bean cacheDirectoriesEndpoint",
            "bean cacheDirectoriesEndpointWebExtension",
            "bean management.endpoint.cachedirectories-io.monolithcache.autoconfigure.actuate.CacheDirectoriesEndpointProperties",
            "bean io.monolithcache.autoconfigure.actuate.CacheDirectoriesEndpointAutoConfiguration");

    /** Loading Spring is what takes the time, so one application of each kind runs in each. */
    private static URLClassLoader without;

    private static URLClassLoader with;

    @TempDir
    Path root;

    @BeforeAll
    static void open() {
        without = withoutTheStarter(classPath());
        with = loader(classPath());
    }

    @AfterAll
    static void close() throws IOException {
        without.close();
        with.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void inAWebApplicationWithBootsRedisAndTheAwsSdk(WebApplicationType type) throws Exception {
        assertThatOnlyTheseAreAdded(
                Stream.of(OUR_BEANS, OUR_REDIS_BEANS, OUR_S3_BEANS, webBeans(type), OUR_ENDPOINT)
                        .flatMap(Set::stream),
                probe(type, without),
                probe(type, with));
    }

    /** The core brings Jackson's streaming part: alone it must not make a JSON converter appear. */
    @Test
    void inAServletApplicationWithoutJacksonRedisAndS3() throws Exception {
        List<Path> classPath = classPath(
                "jackson",
                "actuator",
                "health",
                "boot-micrometer",
                "micrometer-core",
                "data-redis",
                "lettuce",
                "s3-2.");
        classPath.add(location(JsonParser.class));
        try (URLClassLoader before = withoutTheStarter(classPath);
                URLClassLoader after = loader(classPath)) {
            assertThatOnlyTheseAreAdded(
                    Stream.of(OUR_BEANS, OUR_SERVLET_BEANS).flatMap(Set::stream),
                    probe(WebApplicationType.SERVLET, before),
                    probe(WebApplicationType.SERVLET, after));
        }
    }

    private static Set<String> webBeans(WebApplicationType type) {
        return type == WebApplicationType.SERVLET ? OUR_SERVLET_BEANS : OUR_REACTIVE_BEANS;
    }

    private static void assertThatOnlyTheseAreAdded(
            Stream<String> ours, Map<String, List<String>> before, Map<String, List<String>> after) {
        assertThat(before.get("converters")).isNotEmpty();
        assertThat(after.keySet().stream().filter(name -> name.startsWith("bean ") && !before.containsKey(name)))
                .containsExactlyInAnyOrderElementsOf(ours.toList());
        assertThat(differences(before, withoutOurs(after))).isEmpty();
    }

    private static List<String> differences(Map<String, List<String>> before, Map<String, List<String>> after) {
        return Stream.concat(before.keySet().stream(), after.keySet().stream())
                .distinct()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .map(name -> name + ": " + before.get(name) + " -> " + after.get(name))
                .toList();
    }

    private static Map<String, List<String>> withoutOurs(Map<String, List<String>> known) {
        Map<String, List<String>> others = new TreeMap<>(known);
        others.keySet().removeAll(OUR_BEANS);
        others.keySet().removeAll(OUR_REDIS_BEANS);
        others.keySet().removeAll(OUR_S3_BEANS);
        others.keySet().removeAll(OUR_SERVLET_BEANS);
        others.keySet().removeAll(OUR_REACTIVE_BEANS);
        others.keySet().removeAll(OUR_ENDPOINT);
        // Spring's own decorator factories make it; a WebFilter would be over before the error page is written
        others.computeIfPresent(
                "bean httpHandler",
                (name, types) -> types.equals(List.of("class io.monolithcache.web.reactive.CacheExchangeDecorator"))
                        ? List.of("class org.springframework.web.server.adapter.HttpWebHandlerAdapter")
                        : types);
        others.keySet().removeIf(name -> name.startsWith("condition io.monolithcache.autoconfigure."));
        return others;
    }

    /** What the tests run on, without the jars whose names contain one of the texts. */
    private static List<Path> classPath(String... absent) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> Stream.of(absent).noneMatch(entry.getFileName().toString()::contains))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Jackson's streaming part goes, too, unless something else needs it. */
    private static URLClassLoader withoutTheStarter(List<Path> classPath) {
        Set<Path> brought = new HashSet<>();
        brought.add(location(CacheManager.class));
        brought.add(location(MonolithCacheAutoConfiguration.class));
        brought.add(location(JDBC.class));
        if (!classPath.contains(location(JsonMapper.class))) {
            brought.add(location(JsonParser.class));
        }
        return loader(
                classPath.stream().filter(entry -> !brought.contains(entry)).toList());
    }

    private static URLClassLoader loader(List<Path> classPath) {
        URL[] urls = classPath.stream()
                .map(Path::toUri)
                .map(NothingElseChangesTests::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private Map<String, List<String>> probe(WebApplicationType type, ClassLoader loader) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Object known = loader.loadClass(ApplicationProbe.class.getName())
                    .getMethod("probe", String.class, String.class)
                    .invoke(null, type.name(), root.toString());
            return copy((Map<?, ?>) known);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Map<String, List<String>> copy(Map<?, ?> known) {
        Map<String, List<String>> copy = new TreeMap<>();
        known.forEach((name, values) -> copy.put(
                (String) name, ((List<?>) values).stream().map(String::valueOf).toList()));
        return copy;
    }

    private static URL url(URI uri) {
        try {
            return uri.toURL();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
