// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The floor: what an application does by hand with the fastest calls that Java has. */
final class ByHand {

    private static final byte[] METADATA =
            "{\"id\":\"01k8xq7d3v9m2c4n6p8r0s1t5w\",\"createdAt\":\"2026-11-20T12:00:00.000Z\"}"
                    .getBytes(StandardCharsets.UTF_8);

    private ByHand() {}

    static void create(Path directory) throws IOException {
        Files.createDirectory(directory);
        write(directory.resolve("meta.json"));
    }

    static void write(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(METADATA));
        }
    }

    static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    delete(entry);
                }
            }
        }
        Files.delete(path);
    }
}
