// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code meta.json} that is larger than the heap. */
final class HugeMetadataScenario {

    private HugeMetadataScenario() {}

    public static void main(String[] arguments) throws IOException {
        LogLines.quiet();
        RootFiles files = new RootFiles(Files.createDirectory(Path.of(arguments[0])));
        try (CacheManager manager = files.manager()) {
            CacheDirectory cache = manager.create();
            for (String start : new String[] {"", "{\"a\":\"", "{\"a\":1}"}) {
                try (RandomAccessFile file =
                        new RandomAccessFile(files.metadata(cache.id()).toFile(), "rw")) {
                    file.setLength(0);
                    file.writeBytes(start);
                    file.setLength(200L << 20);
                }
                assertThat(cache.metadata()).containsEntry("id", cache.id().value());
                assertThat(manager.list()).hasSize(1);
                assertThat(manager.find(cache.id())).isPresent();
                cache.putMetadata("key", "value");
                assertThat(cache.metadata()).containsEntry("key", "value");
                assertThat(Files.size(files.metadata(cache.id()))).isLessThan(1_000);
            }
        }
    }
}
