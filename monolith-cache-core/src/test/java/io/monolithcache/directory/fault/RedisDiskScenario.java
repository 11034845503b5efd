// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.WipeMode;
import io.monolithcache.directory.redis.RedisRegistry;
import io.monolithcache.directory.redis.RedisRegistrySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** One cache, to which its user does something before he closes it. */
final class RedisDiskScenario {

    private RedisDiskScenario() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        try (CacheManager manager = CacheManager.builder()
                .root(Files.createDirectory(folder.resolve("root")))
                .wipe(WipeMode.SYNCHRONOUS)
                .sweepInterval(Duration.ZERO)
                .registry(new RedisRegistry(
                        RedisRegistrySettings.defaults(), () -> new LettuceConnectionFactory("127.0.0.1", port)))
                .build()) {
            manager.create().close();
            CacheDirectory cache = manager.create();
            Path directory = cache.path();
            switch (arguments[2]) {
                case "directory" ->
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
                case "metadata" ->
                    Files.setPosixFilePermissions(
                            directory.resolve("meta.json"), PosixFilePermissions.fromString("---------"));
                default -> fill(directory);
            }
            cache.close();
            manager.sweep();
            assertThat(directory).doesNotExist();
        }
    }

    private static void fill(Path directory) {
        for (int number = 0; ; number++) {
            try {
                Files.createFile(directory.resolve(String.valueOf(number)));
            } catch (IOException full) {
                return;
            }
        }
    }
}
