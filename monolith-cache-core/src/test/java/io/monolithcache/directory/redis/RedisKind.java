// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.FileSystemUtils;

/** A Redis of some kind, which runs for the tests of one class. */
abstract class RedisKind implements BeforeAllCallback, AfterAllCallback {

    private final Deque<AutoCloseable> closing = new ArrayDeque<>();

    /** @param folder for whatever it needs, gone afterwards */
    abstract void start(Path folder) throws Exception;

    /** As an application would be told of it, neither initialized nor started. */
    abstract LettuceConnectionFactory connect(Way way);

    /** What the test itself asks and does. */
    abstract RedisClusterCommands<String, String> admin();

    final <T extends AutoCloseable> T closedAtTheEnd(T what) {
        closing.push(what);
        return what;
    }

    @Override
    public final void beforeAll(ExtensionContext context) throws Exception {
        Path folder = Files.createTempDirectory("redis-of-a-test");
        closedAtTheEnd(() -> delete(folder));
        start(folder);
    }

    private static void delete(Path folder) throws IOException {
        FileSystemUtils.deleteRecursively(folder);
    }

    @Override
    public final void afterAll(ExtensionContext context) throws Exception {
        while (!closing.isEmpty()) {
            closing.pop().close();
        }
    }
}
