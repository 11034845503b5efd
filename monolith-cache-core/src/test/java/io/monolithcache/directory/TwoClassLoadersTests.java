// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.local.RemoteRegistry;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The core loaded twice in one process: developer tools restart an application so, and servers run two. POSIX locks
 * belong to the process, so neither copy may take the other's owner for dead, nor take its lock away by looking.
 */
class TwoClassLoadersTests {

    @TempDir
    Path root;

    private final List<URLClassLoader> loaders = new ArrayList<>();
    private final Properties systemProperties =
            (Properties) System.getProperties().clone();
    private BiFunction<String, String, String> one;
    private BiFunction<String, String, String> other;

    @BeforeEach
    void load() throws Exception {
        one = worker();
        // as tests do that restore them
        System.setProperties((Properties) systemProperties.clone());
        other = worker();
    }

    /** A worker whose every class but those of the JDK is its own. */
    private BiFunction<String, String, String> worker() throws Exception {
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(TwoClassLoadersTests::url)
                .toArray(URL[]::new);
        URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
        loaders.add(loader);
        Class<?> worker = loader.loadClass(ManagerWorker.class.getName());
        assertThat(worker).isNotSameAs(ManagerWorker.class);
        @SuppressWarnings("unchecked") // its class is another loader's: only an interface of the JDK is known here
        BiFunction<String, String, String> instance = (BiFunction<String, String, String>)
                worker.getConstructor(Path.class).newInstance(root);
        return instance;
    }

    private static String tell(BiFunction<String, String, String> worker, String command, String argument) {
        return worker.apply(command, argument);
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @AfterEach
    void unload() throws IOException {
        tell(one, "close", "");
        tell(other, "close", "");
        System.setProperties(systemProperties);
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }

    @Test
    void neitherTakesTheOthersOwnerForDead() {
        String id = tell(one, "create", "");
        String theirs = tell(other, "create", "");

        tell(other, "sweep", "");
        tell(one, "sweep", "");

        assertThat(tell(other, "evict", id)).isEqualTo("CacheInUseException");
        assertThat(tell(one, "evict", theirs)).isEqualTo("CacheInUseException");
        assertThat(tell(one, "exists", id)).isEqualTo("true");
        assertThat(tell(other, "exists", theirs)).isEqualTo("true");
    }

    @Test
    void neitherTakesTheOthersLockAwayByLooking() {
        String id = tell(one, "create", "");
        tell(other, "create", "");
        tell(other, "sweep", "");
        tell(other, "evict", id);

        RemoteRegistry process = new RemoteRegistry(root);
        try {
            process.attach(CacheId.of(id));
            process.release(CacheId.of(id));
            process.sweep();

            assertThatExceptionOfType(CacheInUseException.class).isThrownBy(() -> process.evict(CacheId.of(id)));
        } finally {
            process.kill();
        }
        assertThat(tell(one, "exists", id)).isEqualTo("true");
    }

    @Test
    void theyShareOneCache() {
        String id = tell(one, "create", "");

        assertThat(tell(other, "attach", id)).isEqualTo(id);
        tell(one, "release", id);
        assertThat(tell(other, "exists", id)).isEqualTo("true");

        tell(other, "release", id);
        assertThat(tell(one, "attach", id)).isEqualTo("CacheNotFoundException");
    }

    @Test
    void changesOfMetadataByBothLoseNothing() throws Exception {
        String id = tell(one, "create", "");
        tell(other, "attach", id);

        inParallel(List.of(
                () -> put(one, id, "a"),
                () -> put(other, id, "b"),
                () -> put(one, id, "c"),
                () -> put(other, id, "d")));

        assertThat(tell(one, "keys", id)).isEqualTo("200");
    }

    private static String put(BiFunction<String, String, String> worker, String id, String prefix) {
        IntStream.range(0, 50)
                .forEach(i ->
                        assertThat(tell(worker, "put", id + " " + prefix + i)).isEqualTo("put"));
        return prefix;
    }

    private static void inParallel(List<Callable<String>> steps) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(steps.size());
        try {
            for (Future<String> each : threads.invokeAll(steps)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
