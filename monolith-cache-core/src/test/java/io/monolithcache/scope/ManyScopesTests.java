// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.crash.QuickFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand scopes, nested and at the same time: each sees its own directory and nobody else's. */
class ManyScopesTests {

    private static final int TASKS = 2_000;

    private static final int DEPTH = 5;

    @TempDir(factory = QuickFolder.class)
    Path root;

    @Test
    void onPlatformThreads() throws Exception {
        eachSeesItsOwn(Executors.newFixedThreadPool(32));
    }

    @Test
    void onVirtualThreads() throws Exception {
        assumeThat(Runtime.version().feature()).as("JDKs with virtual threads").isGreaterThanOrEqualTo(21);
        eachSeesItsOwn((ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
    }

    private void eachSeesItsOwn(ExecutorService executor) throws Exception {
        Set<Path> paths = ConcurrentHashMap.newKeySet();
        try (CacheManager manager = CacheManager.builder().root(root).build()) {
            CacheScopes scopes = new CacheScopes(manager);
            List<Future<Boolean>> done = new ArrayList<>();
            for (int task = 0; task < TASKS; task++) {
                String name = "task " + task;
                done.add(executor.submit(() -> nested(scopes, name, DEPTH, paths)));
            }
            for (Future<Boolean> each : done) {
                assertThat(each.get(2, TimeUnit.MINUTES)).isTrue();
            }
            assertThat(paths).hasSize(TASKS * DEPTH);
            assertThat(manager.list(null, 10)).isEmpty();
        } finally {
            executor.shutdownNow();
        }
    }

    /** Writes before the inner scopes, and reads after them. */
    private static boolean nested(CacheScopes scopes, String task, int depth, Set<Path> paths) throws Exception {
        if (depth == 0) {
            return true;
        }
        Callable<Boolean> body = () -> {
            Path path = scopes.directory().path();
            String text = task + " at " + depth;
            Files.writeString(path.resolve("note"), text);
            boolean alone = paths.add(path);
            return nested(scopes, task, depth - 1, paths)
                    && alone
                    && scopes.directory().path().equals(path)
                    && Files.readString(scopes.directory().path().resolve("note"))
                            .equals(text);
        };
        return scopes.call(body);
    }
}
