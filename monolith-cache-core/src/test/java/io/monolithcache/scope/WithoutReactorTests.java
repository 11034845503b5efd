// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scopes work in applications that have neither Reactor nor context propagation. */
class WithoutReactorTests {

    @TempDir
    Path root;

    @Test
    void everythingElseWorks() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader without = new URLClassLoader(
                classPathWithout("reactor-", "reactive-streams", "context-propagation"),
                ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(without);
            Object seen = without.loadClass(WithoutReactorProbe.class.getName())
                    .getMethod("probe", String.class)
                    .invoke(null, root.toString());
            assertThat(seen)
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(String.class))
                    .containsExactly(
                            "Reactor false",
                            "run",
                            "method",
                            "future",
                            "stream 1",
                            "result io.projectreactor:reactor-core",
                            "declared io.projectreactor:reactor-core",
                            "left 0");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL[] classPathWithout(String... absent) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry ->
                        List.of(absent).stream().noneMatch(entry.getFileName().toString()::startsWith))
                .map(WithoutReactorTests::url)
                .toArray(URL[]::new);
    }

    private static URL url(Path entry) {
        try {
            return entry.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
